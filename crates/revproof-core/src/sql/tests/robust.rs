use proptest::prelude::*;

use super::super::{Statement, read_type, split};
use super::{LITE, MY, PG};

#[test]
fn nesting_is_refused_before_it_takes_the_stack() {
    let deep = [
        format!("SELECT {}1{}", "(".repeat(100_000), ")".repeat(100_000)),
        format!("SELECT {}1", "NOT ".repeat(100_000)),
        format!("SELECT 1{}", " OR 1".repeat(100_000)),
        format!("SELECT 1{}", " UNION SELECT 1".repeat(100_000)),
        format!("SELECT 1{}", "::int".repeat(100_000)),
        format!("SELECT {}1{}", "CASE WHEN ".repeat(50_000), " THEN 1 END".repeat(50_000)),
        format!("CREATE TABLE t (a int DEFAULT {}1{})", "(".repeat(100_000), ")".repeat(100_000)),
        format!("DO $$ {} {} $$", "BEGIN ".repeat(100_000), "END; ".repeat(100_000)),
        "SELECT ".to_owned() + &"a.".repeat(100_000) + "b",
        "SELECT ".to_owned() + &"- ".repeat(100_000) + "b",
        "SELECT ".to_owned() + &"[".repeat(100_000),
        "EXPLAIN ".repeat(100_000),
    ];
    for text in deep {
        for dialect in [PG, LITE, MY] {
            let parts = split(&text, dialect);
            assert!(!parts.is_empty(), "{text:.40}");
        }
    }
}

#[test]
fn what_is_not_refused_fits_into_a_small_stack() {
    for depth in 1..60 {
        let texts = [
            format!("SELECT {}1{}", "(".repeat(depth), ")".repeat(depth)),
            format!("SELECT {}1{}", "(SELECT ".repeat(depth), ")".repeat(depth)),
            format!("SELECT {}1{}", "f(a + ".repeat(depth), ")".repeat(depth)),
            format!("SELECT {}1{}", "CASE WHEN a THEN ".repeat(depth), " END".repeat(depth)),
            format!("SELECT * FROM {}t{}", "(SELECT * FROM ".repeat(depth), ") a".repeat(depth)),
            format!("SELECT 1{}", " OR a = 1".repeat(depth * 5)),
        ];
        let work =
            move || texts.iter().filter(|text| matches!(split(text, PG)[0].statement, Statement::Data(_))).count();
        let read = std::thread::Builder::new().stack_size(1 << 20).spawn(work).unwrap().join().unwrap();
        assert!(read == 6 || depth > 5, "{read} of 6 at {depth}");
    }
}

#[test]
fn a_long_list_of_rows_is_no_nesting() {
    let text = format!("INSERT INTO t VALUES (1, 'a'){}", ", (1, 'a' || 'b')".repeat(5000));
    assert!(matches!(split(&text, PG)[0].statement, Statement::Data(_)));
}

proptest! {
    #[test]
    fn no_text_is_too_odd(text in any::<String>()) {
        for dialect in [PG, LITE, MY] {
            for part in split(&text, dialect) {
                prop_assert!(text.get(part.range).is_some());
            }
            read_type(&text, dialect);
        }
    }

    #[test]
    fn no_order_of_words_is_too_odd(words in prop::collection::vec(word(), 0..25)) {
        let text = words.join(" ");
        for dialect in [PG, LITE, MY] {
            split(&text, dialect);
            split(&format!("CREATE TABLE t ({text})"), dialect);
            split(&format!("ALTER TABLE t {text}"), dialect);
            split(&format!("CREATE {text}"), dialect);
            split(&format!("DO $$ BEGIN {text}; END $$"), dialect);
        }
    }
}

fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "SELECT",
        "FROM",
        "(",
        ")",
        ",",
        ";",
        "'x'",
        "\"a\"",
        "`b`",
        "[",
        "]",
        "$$",
        "::",
        ":x",
        "1",
        "-",
        ".",
        "a",
        "TABLE",
        "INDEX",
        "ADD",
        "DROP",
        "ALTER",
        "COLUMN",
        "int",
        "varchar",
        "NOT",
        "NULL",
        "DEFAULT",
        "PRIMARY KEY",
        "UNIQUE",
        "REFERENCES",
        "ON",
        "CHECK",
        "CONSTRAINT",
        "TYPE",
        "AS",
        "ENUM",
        "BEGIN",
        "END",
        "IF",
        "EXISTS",
        "THEN",
        "ELSE",
        "USING",
        "WHERE",
        "RENAME",
        "TO",
        "SET",
        "VIEW",
        "FUNCTION",
        "TRIGGER",
        "EXECUTE",
        "SEQUENCE",
        "OWNED BY",
        "GENERATED",
        "IDENTITY",
        "COMMENT",
        "IS",
        "--",
        "/*",
        "*/",
        "E'\\",
        "é",
        "\\:",
    ])
}
