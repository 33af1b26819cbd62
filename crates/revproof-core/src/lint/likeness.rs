//! How alike two names are: for "did you mean", and for telling a rename from a drop and an unrelated add.

/// The candidate that `name` was probably meant to be, if one is near enough.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (name.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(&name.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How alike two column or table names are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Likeness {
    /// Not at all.
    Unlike,
    /// They share a meaning or a good part of their letters.
    Related,
    /// One is plainly the other, spelled out, shortened, corrected or reordered.
    Alike,
}

/// Words that so many names share that sharing them says nothing.
const COMMON: [&str; 22] = [
    "id", "is", "has", "at", "on", "by", "to", "in", "of", "no", "num", "date", "time", "name", "type", "count",
    "code", "key", "value", "data", "flag", "old",
];

/// Words that stand for each other.
const SYNONYMS: [&[&str]; 17] = [
    &["phone", "telephone", "tel", "mobile", "cell"],
    &["email", "mail"],
    &["body", "content", "text", "message"],
    &["title", "headline", "caption", "label", "subject"],
    &["description", "summary", "about", "bio", "details"],
    &["quantity", "qty", "amount"],
    &["price", "cost", "amount"],
    &["user", "owner", "author", "creator", "account", "member"],
    &["created", "inserted", "added"],
    &["updated", "modified", "changed"],
    &["active", "enabled"],
    &["state", "status", "stage"],
    &["kind", "type", "category"],
    &["image", "picture", "photo", "avatar", "img"],
    &["url", "link", "href", "uri"],
    &["password", "passwd", "pwd"],
    &["zip", "zipcode", "postcode", "postal"],
];

/// How alike two names are. What both have in common at either end is set aside first, so that `created_at` and
/// `updated_at` are judged by `created` and `updated`.
pub(crate) fn likeness(a: &str, b: &str) -> Likeness {
    let (a, b) = (tokens(a), tokens(b));
    if a.is_empty() || b.is_empty() {
        return Likeness::Unlike;
    }
    let mut sorted = (a.clone(), b.clone());
    sorted.0.sort_unstable();
    sorted.1.sort_unstable();
    if sorted.0 == sorted.1 || a.concat() == b.concat() {
        return Likeness::Alike;
    }
    let shared: Vec<&String> = a.iter().filter(|token| b.contains(token)).collect();
    let rest = |tokens: &[String]| tokens.iter().filter(|t| !shared.contains(t)).cloned().collect::<Vec<_>>().concat();
    let (x, y) = (rest(&a), rest(&b));
    let telling = shared.iter().any(|token| !COMMON.contains(&token.as_str()));
    if x.is_empty() || y.is_empty() {
        return if telling || shared.iter().any(|t| t.as_str() == "name") {
            Likeness::Alike
        } else {
            Likeness::Related
        };
    }
    let of_words = words_likeness(&x, &y);
    if of_words == Likeness::Unlike && telling && shared.len() * 2 > a.len().min(b.len()) {
        return Likeness::Related;
    }
    of_words
}

fn words_likeness(x: &str, y: &str) -> Likeness {
    let (short, long) = if x.len() <= y.len() { (x, y) } else { (y, x) };
    let length = long.chars().count();
    let apart = distance(x, y);
    let contained = short.len() >= 4 && (long.starts_with(short) || long.ends_with(short));
    if contained || abbreviates(short, long) || (short.len() >= 4 && apart * 4 <= length) {
        return Likeness::Alike;
    }
    let synonyms = SYNONYMS.iter().any(|group| group.contains(&x) && group.contains(&y));
    if synonyms || (short.len() >= 4 && apart * 5 <= length * 2) {
        return Likeness::Related;
    }
    Likeness::Unlike
}

/// Whether `short` is `long` without its end (`desc`), or some of its consonants in order (`qty`).
fn abbreviates(short: &str, long: &str) -> bool {
    if short.len() < 3 || short.len() == long.len() || short.chars().next() != long.chars().next() {
        return false;
    }
    let is_vowel = |c: char| "aeiou".contains(c);
    let mut rest = long.chars();
    let in_order = short.chars().all(|c| rest.any(|other| other == c));
    long.starts_with(short) || in_order && !short.chars().skip(1).any(is_vowel)
}

/// The words of a name, in lower case: split at `_` and where a capital follows a small letter.
fn tokens(name: &str) -> Vec<String> {
    let mut tokens = vec![String::new()];
    let mut small = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && small) {
            tokens.push(String::new());
        }
        small = c.is_lowercase();
        if c.is_alphanumeric()
            && let Some(last) = tokens.last_mut()
        {
            last.extend(c.to_lowercase());
        }
    }
    tokens.retain(|token| !token.is_empty());
    tokens
}

/// How many letters must be put in, left out, replaced or swapped with their neighbour to make one of the other.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let cell = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
            let mut least = (cell(&above, j) + usize::from(x != y)).min(cell(&above, j + 1) + 1).min(cell(&row, j) + 1);
            if i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x) {
                least = least.min(cell(&before, j - 1) + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Likeness::{Alike, Related, Unlike};
    use super::*;

    #[test]
    fn names_are_alike_where_a_person_would_say_so() {
        let cases = [
            ("phone", "phone_number", Alike),
            ("name", "full_name", Alike),
            ("phone", "telephone", Alike),
            ("desc", "description", Alike),
            ("qty", "quantity", Alike),
            ("adress", "address", Alike),
            ("first_name", "name_first", Alike),
            ("userName", "user_name", Alike),
            ("username", "user_name", Alike),
            ("phone", "mobile", Related),
            ("state", "status", Related),
            ("id", "user_id", Related),
            ("user_id", "owner_id", Related),
            ("created_at", "updated_at", Unlike),
            ("first_name", "last_name", Unlike),
            ("legacy_code", "color", Unlike),
            ("price", "note", Unlike),
        ];
        for (a, b, expected) in cases {
            assert_eq!(likeness(a, b), expected, "{a} and {b}");
            assert_eq!(likeness(b, a), expected, "{b} and {a}");
        }
    }

    #[test]
    fn the_nearest_is_offered_only_where_it_is_near() {
        assert_eq!(nearest("drop-colum", ["drop-table", "drop-column"]), Some("drop-column"));
        assert_eq!(nearest("frobnicate", ["drop-table", "drop-column"]), None);
    }
}
