//! The times that kernel logs print: with and without zone, year and date.

use exitus_model::KernelRecord;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// The year that stands in for the missing one of a syslog time until [`resolve_times`] is called: no real log is
/// of it, and as a leap year it holds 29 February.
const STAND_IN_YEAR: i16 = 4;

/// How far back a year is looked for: 29 February comes once in eight years around 1900 and 2100.
const YEARS_BACK: i16 = 8;

/// A clock that runs ahead, or a zone that the log does not tell, may put a line after the newest other evidence.
const SLACK_SECONDS: i64 = 24 * 60 * 60;

/// When a line was written, as far as the line tells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Stamp {
    /// Only counted from boot, or not at all.
    None,
    /// A moment. A local time without zone is taken as UTC.
    At(Timestamp),
    /// Syslog's month, day and clock, in the stand-in year.
    Yearless(DateTime),
}

/// Gives times without a year the one that brings them nearest before `newest`, with one day of slack.
///
/// Without `newest` they become unknown.
pub(crate) fn resolve_times(records: &mut [KernelRecord], newest: Option<Timestamp>) {
    let newest = newest.filter(|newest| !is_stand_in(*newest));
    for record in records {
        if let Some(time) = record.at.filter(|at| is_stand_in(*at)) {
            record.at = newest.and_then(|newest| nearest_before(Offset::UTC.to_datetime(time), newest));
        }
    }
}

fn is_stand_in(at: Timestamp) -> bool {
    Offset::UTC.to_datetime(at).year() == STAND_IN_YEAR
}

fn nearest_before(time: DateTime, newest: Timestamp) -> Option<Timestamp> {
    let limit = newest.as_second().saturating_add(SLACK_SECONDS);
    let last = Offset::UTC.to_datetime(Timestamp::from_second(limit).unwrap_or(Timestamp::MAX)).year();
    (0..=YEARS_BACK).find_map(|back| {
        let moment = Offset::UTC.to_timestamp(in_year(time, last.checked_sub(back)?)?).ok()?;
        (moment.as_second() <= limit).then_some(moment)
    })
}

fn in_year(time: DateTime, year: i16) -> Option<DateTime> {
    let time_of_day = time.time();
    Some(jiff::civil::Date::new(year, time.month(), time.day()).ok()?.to_datetime(time_of_day))
}

impl Stamp {
    /// The moment for a record; one without a year stands in the stand-in year.
    pub(super) fn at(self) -> Option<Timestamp> {
        match self {
            Stamp::None => None,
            Stamp::At(at) => Some(at),
            Stamp::Yearless(time) => Offset::UTC.to_timestamp(time).ok(),
        }
    }

    /// Seconds from `earlier` to this one, where both are of the same kind.
    pub(super) fn seconds_since(self, earlier: Stamp) -> Option<i64> {
        match (self, earlier) {
            (Stamp::At(late), Stamp::At(early)) => Some(late.as_second() - early.as_second()),
            (Stamp::Yearless(late), Stamp::Yearless(early)) => {
                let second = |time| Stamp::Yearless(time).at().map(Timestamp::as_second);
                Some(second(late)? - second(early)?)
            }
            _ => None,
        }
    }
}

/// `2026-11-23T09:41:35,787868+00:00`, and the same with a point: the moment, and whether the fraction stands behind
/// a comma and has six digits, as only dmesg writes it.
pub(super) fn iso(text: &str) -> Option<(Stamp, bool)> {
    let date = date(text.get(..10)?)?;
    let rest = text.get(10..)?.strip_prefix('T')?;
    let zone_at = rest.find(['Z', '+', '-']).unwrap_or(rest.len());
    let (clock_text, zone) = rest.split_at(zone_at);
    let time = clock(clock_text)?;
    let is_dmesg = clock_text.len() == 15 && clock_text.as_bytes().get(8) == Some(&b',') && !zone.is_empty();
    let offset = if zone.is_empty() { Offset::UTC } else { offset(zone)? };
    let moment = offset.to_timestamp(date.to_datetime(time)).ok()?;
    Some((Stamp::At(moment), is_dmesg))
}

/// `Mon Nov 23 09:41:35 2026`, as `dmesg -T` prints it. The weekday may be of any language.
/// `Some(Stamp::None)` where the month is of a language that is not known.
pub(super) fn ctime(text: &str) -> Option<Stamp> {
    let mut words = text.split_ascii_whitespace();
    let (_weekday, month_name, day, clock_text) =
        (words.next()?, words.next()?, words.next()?, words.next()?);
    let year_text = words.next().filter(|y| y.len() == 4)?;
    let year: i16 = number(year_text)?;
    let (day, time) = (number(day)?, clock(clock_text)?);
    if words.next().is_some() {
        return None;
    }
    let Some(month) = month(month_name) else { return Some(Stamp::None) };
    let date = jiff::civil::Date::new(year, month, day).ok()?;
    Some(Offset::UTC.to_timestamp(date.to_datetime(time)).map_or(Stamp::None, Stamp::At))
}

/// `Nov 23 09:41:35` at the start of a syslog line, and the rest of the line.
pub(super) fn syslog(line: &str) -> Option<(Stamp, &str)> {
    let (month_name, rest) = line.split_once(' ')?;
    let month = month(month_name)?;
    let (day, rest) = rest.trim_start_matches(' ').split_once(' ')?;
    if day.len() > 2 {
        return None;
    }
    let (clock_text, rest) = rest.split_once(' ')?;
    let time = clock(clock_text)?;
    let date = jiff::civil::Date::new(STAND_IN_YEAR, month, number(day)?).ok()?;
    Some((Stamp::Yearless(date.to_datetime(time)), rest))
}

/// `Nov23 09:41`, as `dmesg -e` prints it once in a minute.
pub(super) fn minute(text: &str) -> Option<Stamp> {
    let (day_text, clock_text) = text.split_once(' ')?;
    let month = month(day_text.get(..3)?)?;
    let (hour, minute) = clock_text.trim_start().split_once(':')?;
    let date = jiff::civil::Date::new(STAND_IN_YEAR, month, number(day_text.get(3..)?)?).ok()?;
    let time = jiff::civil::Time::new(number(hour)?, number(minute)?, 0, 0).ok()?;
    Some(Stamp::Yearless(date.to_datetime(time)))
}

/// `1790000000.123456`: seconds since 1970 with a fraction.
pub(super) fn unix(text: &str) -> Option<Stamp> {
    let (seconds, fraction) = text.split_once('.')?;
    let is_plausible = seconds.len() == 10 && matches!(fraction.len(), 3 | 6);
    let moment = Timestamp::new(number(seconds)?, nanoseconds(fraction)?).ok()?;
    is_plausible.then_some(Stamp::At(moment))
}

/// The zone that `journalctl -o short-full` names; `None` for an abbreviation that tells no offset.
pub(super) fn zone(name: &str) -> Option<Offset> {
    if matches!(name, "UTC" | "GMT" | "Z") { Some(Offset::UTC) } else { offset(name) }
}

/// `2026-11-23`.
pub(super) fn date(text: &str) -> Option<jiff::civil::Date> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    jiff::civil::Date::new(number(text.get(..4)?)?, number(text.get(5..7)?)?, number(text.get(8..)?)?).ok()
}

/// `09:41:35`, with or without a fraction behind a point or comma.
pub(super) fn clock(text: &str) -> Option<jiff::civil::Time> {
    let bytes = text.as_bytes();
    if bytes.len() < 8 || bytes[2] != b':' || bytes[5] != b':' {
        return None;
    }
    let fraction = match bytes.get(8) {
        None => 0,
        Some(b'.' | b',') => nanoseconds(text.get(9..)?)?,
        Some(_) => return None,
    };
    // A leap second is told as the second before it.
    let second = number::<i8>(text.get(6..8)?)?.min(59);
    jiff::civil::Time::new(number(text.get(..2)?)?, number(text.get(3..5)?)?, second, fraction).ok()
}

/// `Z`, `+00:00`, `-0300`, `+05`.
fn offset(text: &str) -> Option<Offset> {
    if text == "Z" {
        return Some(Offset::UTC);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits = text.get(1..)?;
    let (hours, minutes) = match digits.len() {
        2 => (digits, "0"),
        4 => digits.split_at_checked(2)?,
        5 => digits.split_once(':')?,
        _ => return None,
    };
    Offset::from_seconds(sign * (number::<i32>(hours)? * 3600 + number::<i32>(minutes)? * 60)).ok()
}

/// The digits of a fraction of a second, as nanoseconds; more than nine are cut.
fn nanoseconds(digits: &str) -> Option<i32> {
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let kept = &digits[..digits.len().min(9)];
    Some(number::<i32>(kept)? * 10_i32.pow(9 - kept.len() as u32))
}

/// A month by its English name of three letters, or by number as Chinese and Japanese locales print it (`11月`).
fn month(name: &str) -> Option<i8> {
    const NAMES: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    if let Some(index) = NAMES.iter().position(|n| *n == name) {
        return i8::try_from(index + 1).ok();
    }
    number(name.strip_suffix('月')?)
}

/// Digits only: no sign, no blank.
pub(super) fn number<T: std::str::FromStr>(digits: &str) -> Option<T> {
    let is_digits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if is_digits { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Stamp {
        Stamp::At(text.parse().expect("a time"))
    }

    #[test]
    fn iso_times_of_dmesg_and_of_others_are_told_apart() {
        let cases = [
            ("2026-11-23T09:41:35,787868+00:00", Some(("2026-11-23T09:41:35.787868Z", true))),
            ("2026-11-23T09:41:35,787868+02:00", Some(("2026-11-23T07:41:35.787868Z", true))),
            ("2026-11-23T09:41:35.787868-05:30", Some(("2026-11-23T15:11:35.787868Z", false))),
            ("2026-11-23T09:41:35+0000", Some(("2026-11-23T09:41:35Z", false))),
            ("2026-11-23T09:41:35", Some(("2026-11-23T09:41:35Z", false))),
            ("2026-11-23 09:41:35", None),
            ("2026-11-23T09:41:60Z", Some(("2026-11-23T09:41:59Z", false))),
            ("2026-11-23T09:41:35,787+00:00", Some(("2026-11-23T09:41:35.787Z", false))),
            ("2026-11-23T9:41:35Z", None),
            ("2026-13-23T09:41:35Z", None),
            ("2026-11-23", None),
        ];
        for (text, expected) in cases {
            let expected = expected.map(|(moment, is_dmesg)| (at(moment), is_dmesg));
            assert_eq!(iso(text), expected, "{text}");
        }
    }

    #[test]
    fn ctime_takes_any_weekday() {
        assert_eq!(ctime("Mon Nov 23 09:41:35 2026"), Some(at("2026-11-23T09:41:35Z")));
        assert_eq!(ctime("Di Aug  2 03:54:03 2025"), Some(at("2025-08-02T03:54:03Z")));
        assert_eq!(ctime("二 8月 12 03:54:03 2025"), Some(at("2025-08-12T03:54:03Z")));
        assert_eq!(ctime("Mo Mär 12 03:54:03 2025"), Some(Stamp::None));
        assert_eq!(ctime("Mon Nov 23 09:41:35 UTC 2026"), None);
        assert_eq!(ctime("23-Nov-2026 09:41:35"), None);
    }

    #[test]
    fn a_missing_year_is_the_nearest_before_the_newest_time() {
        let cases = [
            ("Nov 23 09:41:35 h", "2026-11-24T00:00:00Z", Some("2026-11-23T09:41:35Z")),
            // Ahead of the newest by less than a day.
            ("Nov 24 09:41:35 h", "2026-11-23T23:00:00Z", Some("2026-11-24T09:41:35Z")),
            ("Nov 25 09:41:35 h", "2026-11-23T23:00:00Z", Some("2025-11-25T09:41:35Z")),
            ("Dec 31 23:59:59 h", "2027-01-01T00:10:00Z", Some("2026-12-31T23:59:59Z")),
            ("Jan  1 00:00:01 h", "2026-12-31T23:59:00Z", Some("2027-01-01T00:00:01Z")),
            ("Feb 29 12:00:00 h", "2027-06-01T00:00:00Z", Some("2024-02-29T12:00:00Z")),
        ];
        for (line, newest, expected) in cases {
            let Some((Stamp::Yearless(time), "h")) = syslog(line) else { panic!("{line}") };
            let expected = expected.map(|e| e.parse().expect("a time"));
            assert_eq!(nearest_before(time, newest.parse().expect("a time")), expected, "{line}");
        }
    }

    #[test]
    fn without_any_newest_time_a_yearless_time_is_unknown() {
        let Some((stamp, _)) = syslog("Nov 23 09:41:35 h") else { panic!("no time") };
        let at = stamp.at();
        let record = KernelRecord {
            origin: exitus_model::Origin { file: exitus_model::FileId(0), line: 1 },
            text: String::new(),
            at,
            uptime_seconds: None,
            host: None,
            event: exitus_model::KernelEvent::OomKill(Box::default()),
        };
        // The newest time may be that of the record itself.
        for newest in [None, at] {
            let mut records = [record.clone()];
            resolve_times(&mut records, newest);
            assert_eq!(records[0].at, None);
        }
        let mut records = [record];
        resolve_times(&mut records, "2026-12-01T00:00:00Z".parse().ok());
        assert_eq!(records[0].at, "2026-11-23T09:41:35Z".parse().ok());
    }

    #[test]
    fn other_shapes_are_no_times() {
        for text in [
            "Nov 23 9:41 h x",
            "Foo 23 09:41:35 h",
            "Nov 123 09:41:35 h",
            "Nov",
            "",
            "Nov 23",
            "Nov 31 09:41:35 h",
        ] {
            assert_eq!(syslog(text), None, "{text}");
        }
        assert_eq!(unix("1790000000.123456"), Some(at("2026-09-21T14:13:20.123456Z")));
        assert_eq!(unix("17.123456"), None);
        assert_eq!(minute("Nov23 09:41"), syslog("Nov 23 09:41:00 h").map(|(stamp, _)| stamp));
    }
}
