//! The clock and the dice, which the core has none of.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use revproof_core::draft::Moment;
use uuid::Uuid;

/// Now, in the time zone of that name, or as the clock on the wall has it; `None` where there is no such zone.
pub(crate) fn now(zone: Option<&str>) -> Option<Moment> {
    let Some(name) = zone else { return Some(moment(&Zoned::now(), false)) };
    // Alembic takes the name as it is written, and then in capitals.
    let found = [name.to_owned(), name.to_uppercase()].into_iter().find_map(|name| {
        let zone = TimeZone::get(&name).ok()?;
        zone.iana_name().is_some_and(|known| known == name).then_some(zone)
    })?;
    Some(moment(&Timestamp::now().to_zoned(found), true))
}

fn moment(now: &Zoned, in_zone: bool) -> Moment {
    Moment {
        year: now.year(),
        month: now.month(),
        day: now.day(),
        hour: now.hour(),
        minute: now.minute(),
        second: now.second(),
        microsecond: now.subsec_nanosecond() / 1000,
        offset: in_zone.then(|| now.offset().seconds()),
        epoch: now.timestamp().as_second(),
    }
}

/// An identifier for a new revision: the last twelve digits of a random UUID.
pub(crate) fn rev_id() -> String {
    let digits = Uuid::new_v4().simple().to_string();
    digits.chars().skip(20).collect()
}

#[cfg(test)]
mod tests {
    use super::{now, rev_id};

    #[test]
    fn a_zone_is_known_by_its_name() {
        assert_eq!(now(Some("UTC")).and_then(|now| now.offset), Some(0));
        assert_eq!(now(Some("utc")).and_then(|now| now.offset), Some(0));
        assert_eq!(now(Some("Asia/Kolkata")).and_then(|now| now.offset), Some(19_800));
        assert!(now(Some("Nowhere/Atall")).is_none());
        assert_eq!(now(None).and_then(|now| now.offset), None);
    }

    #[test]
    fn an_identifier_is_twelve_hexadecimal_digits() {
        let (one, other) = (rev_id(), rev_id());
        assert!(one.len() == 12 && one.chars().all(|c| c.is_ascii_hexdigit()), "{one}");
        assert_ne!(one, other);
    }
}
