//! Downgrades that are subtly wrong.

use crate::chain::Piece;
use crate::random::Random;

/// Makes a downgrade wrong in one way.
pub(super) fn spoil(random: &mut Random, pieces: &mut Vec<Piece>) {
    if pieces.is_empty() {
        return;
    }
    let at = random.below(pieces.len());
    match random.below(7) {
        0 => pieces.clear(),
        1 => {
            pieces.remove(at);
        }
        2 => pieces.reverse(),
        3 => {
            let moved = pieces.remove(at);
            let to = random.below(pieces.len() + 1);
            pieces.insert(to, moved);
        }
        4 => pieces.push(pieces[at].clone()),
        _ => spoil_piece(random, &mut pieces[at]),
    }
}

fn spoil_piece(random: &mut Random, piece: &mut Piece) {
    match piece {
        Piece::Line(line) => *line = spoilt(random, line),
        Piece::Call { items, .. } => {
            if items.is_empty() {
                return;
            }
            let at = random.below(items.len());
            if random.percent(50) && items.len() > 1 {
                items.remove(at);
            } else {
                items[at] = spoilt(random, &items[at]);
            }
        }
        Piece::Block { body, .. } => spoil(random, body),
    }
}

/// A line with one detail changed: a type, a length, a flag, a name.
fn spoilt(random: &mut Random, line: &str) -> String {
    const SWAPS: &[(&str, &str)] = &[
        ("sa.Integer()", "sa.BigInteger()"),
        ("sa.DateTime()", "sa.Date()"),
        ("sa.Text()", "sa.String(length=10)"),
        ("sa.Boolean()", "sa.Integer()"),
        ("length=50", "length=5"),
        ("length=20", "length=200"),
        ("nullable=True", "nullable=False"),
        ("nullable=False", "nullable=True"),
        (", nullable=False", ""),
        ("unique=True", "unique=False"),
        ("unique=False", "unique=True"),
        ("ondelete='CASCADE'", "ondelete='SET NULL'"),
        ("server_default='0'", "server_default='1'"),
        ("'uq_", "'uqx_"),
        ("'fk_", "'fkx_"),
        ("'ck_", "'ckx_"),
        ("'ix_", "'ixx_"),
        ("_new'", "_newer'"),
        ("server_default=None", "server_default='0'"),
    ];
    let fits: Vec<&(&str, &str)> = SWAPS.iter().filter(|(from, _)| line.contains(from)).collect();
    match random.pick(&fits) {
        Some((from, to)) => line.replacen(from, to, 1),
        None => line.replacen("nullable=", "nullable=not ", 1),
    }
}
