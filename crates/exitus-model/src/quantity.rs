//! Amounts of memory and time, as Kubernetes writes and people read them.

use std::fmt;

/// A memory quantity: the text as it stands in the object, and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    /// The text, such as `64Mi`.
    pub text: String,
    /// The value in bytes.
    pub bytes: u64,
}

impl Quantity {
    /// Reads a quantity of bytes: digits with an optional fraction and a suffix.
    ///
    /// Suffixes are those of Kubernetes' `resource.Quantity`: `m`, none, `k` `M` `G` `T` `P` `E` (powers of 1000),
    /// `Ki` … `Ei` (powers of 1024), or a decimal exponent.
    ///
    /// ```
    /// assert_eq!(exitus_model::Quantity::parse("64Mi").unwrap().bytes, 67_108_864);
    /// assert_eq!(exitus_model::Quantity::parse("1.5G").unwrap().bytes, 1_500_000_000);
    /// assert!(exitus_model::Quantity::parse("lots").is_none());
    /// ```
    pub fn parse(text: &str) -> Option<Quantity> {
        let text = text.trim();
        let split = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
        let (number, suffix) = text.split_at(split);
        let number: f64 = number.parse().ok()?;
        let factor = match suffix {
            "m" => 1e-3,
            "" => 1.0,
            "k" => 1e3,
            "M" => 1e6,
            "G" => 1e9,
            "T" => 1e12,
            "P" => 1e15,
            "E" => 1e18,
            "Ki" => 1024.0,
            "Mi" => 1_048_576.0,
            "Gi" => 1_073_741_824.0,
            "Ti" => 1_099_511_627_776.0,
            "Pi" => 1_125_899_906_842_624.0,
            "Ei" => 1_152_921_504_606_846_976.0,
            _ => 10f64.powi(suffix.strip_prefix(['e', 'E'])?.parse().ok()?),
        };
        let bytes = number * factor;
        (bytes.is_finite() && bytes >= 0.0).then(|| Quantity { text: text.to_owned(), bytes: bytes as u64 })
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Bytes in the unit that reads best, in powers of 1024: `63.9Mi`.
///
/// ```
/// assert_eq!(exitus_model::format_bytes(67_108_864), "64Mi");
/// assert_eq!(exitus_model::format_bytes(66_986_803), "63.9Mi");
/// ```
pub fn format_bytes(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["", "Ki", "Mi", "Gi", "Ti", "Pi"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    let rounded = (value * 10.0).round() / 10.0;
    if rounded.fract() == 0.0 {
        format!("{rounded:.0}{}", UNITS[unit])
    } else {
        format!("{rounded:.1}{}", UNITS[unit])
    }
}

/// Seconds as kubectl writes an age: at most two units.
///
/// ```
/// assert_eq!(exitus_model::format_duration(3), "3s");
/// assert_eq!(exitus_model::format_duration(372), "6m12s");
/// assert_eq!(exitus_model::format_duration(90_000), "25h");
/// assert_eq!(exitus_model::format_duration(600_000), "6d22h");
/// ```
pub fn format_duration(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let pair = |big: i64, big_unit: &str, small: i64, small_unit: &str| match small {
        0 => format!("{big}{big_unit}"),
        _ => format!("{big}{big_unit}{small}{small_unit}"),
    };
    match seconds {
        0..=119 => format!("{seconds}s"),
        120..=7199 => pair(seconds / 60, "m", seconds % 60, "s"),
        7200..=172_799 => pair(seconds / 3600, "h", seconds % 3600 / 60, "m"),
        _ => pair(seconds / 86_400, "d", seconds % 86_400 / 3600, "h"),
    }
}
