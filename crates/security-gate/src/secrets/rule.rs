//! What a rule is: data only, so that the table can be listed, explained, hashed and tested as a whole.

/// A rule: which bytes make a candidate, which pattern confirms it, which checks it must stand.
///
/// Only certain shapes are here: formats that a provider or a standard fixes, not guesses from names.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Public id, `snake_case`.
    pub id: &'static str,
    /// Provider or format; enters the fingerprint, so that splitting a rule keeps old fingerprints.
    pub family: &'static str,
    /// A noun phrase for messages.
    pub title: &'static str,
    /// Literals of which one must occur (case-sensitive), four bytes or more where the format allows it.
    pub literals: &'static [&'static str],
    /// The files that [`Reach::File`] and [`Reach::Nature`] read, in lower case: `folder/name`, `*.end`, `begin.*` or
    /// `folder/*`, and `!*.end` or `!begin.*` for names that are left out.
    pub files: &'static [&'static str],
    /// Where the pattern looks, seen from the literal.
    pub reach: Reach,
    /// Pattern over bytes. Group `v` (in alternatives also `w`, `x`, `y`, `z`, `u`) is the value (default: all), `s` its random part (default: the value), `user`
    /// and `host` belong to a credential pair, `key` is the name of a setting.
    pub pattern: &'static str,
    /// Whether a letter, digit or `_` before the match (before the anchor, in [`Reach::Near`]) rules it out.
    pub bounded: bool,
    /// All must hold.
    pub checks: &'static [Check],
    /// Whether a machine made the value or a person chose it.
    pub value: ValueKind,
    /// How certain a finding is at most.
    pub tier: Tier,
    /// The checksum that the provider builds into it.
    pub checksum: Option<Sum>,
    /// Why this is a finding and what the shape is.
    pub explain: &'static str,
    /// What to do about it.
    pub next_step: &'static str,
    /// Path under which the samples are searched.
    pub sample_path: &'static str,
    /// Templates (see the `sample` module) that must be found; also the positive control.
    pub samples: &'static [&'static str],
    /// Templates that must not be found.
    pub decoys: &'static [&'static str],
}

/// The empty rule, for struct update in the tables.
pub(crate) const BASE: Rule = Rule {
    id: "",
    family: "",
    title: "",
    literals: &[],
    files: &[],
    reach: Reach::Here { after: 320 },
    pattern: "",
    bounded: true,
    checks: &[Check::NoPlaceholder, Check::Distinct(10)],
    value: ValueKind::Random,
    tier: Tier::Certain,
    checksum: None,
    explain: "",
    next_step: "Revoke it at the provider, issue a new one, and keep that in a secret store instead of the repository.",
    sample_path: "src/settings.txt",
    samples: &[],
    decoys: &[],
};

/// Where a rule's pattern looks; all lengths in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The match begins where the literal begins.
    Here {
        /// Size of the window.
        after: usize,
    },
    /// The match covers the literal.
    Around {
        /// Bytes before the literal.
        before: usize,
        /// Bytes from the literal on.
        after: usize,
    },
    /// `anchor` matches where the literal begins; the value lies anywhere in the window.
    Near {
        /// Pattern of the other half of the pair.
        anchor: &'static str,
        /// Bytes before the literal.
        before: usize,
        /// Bytes from the literal on.
        after: usize,
    },
    /// The whole of a file named in [`Rule::files`], up to 1 MiB.
    File,
    /// A file named in [`Rule::files`] is the finding, binary or not; the pattern tells its kind by the first 4 KiB.
    Nature,
    /// The Kubernetes manifest around the literal, in a file named in [`Rule::files`].
    Manifest,
    /// The literal is a part of a name, and the value is what is assigned to it; no pattern.
    Assigned,
}

/// How certain it is that a finding is a secret, from the least on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// A name says so and the value might be one: worth a look.
    Possible,
    /// A name says so and the value looks like one.
    Likely,
    /// A format that a provider or a standard fixes.
    Certain,
}

impl Tier {
    /// As in the policy.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }

    /// The tier of a word of the policy.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Possible, Self::Likely, Self::Certain]
            .into_iter()
            .find(|tier| tier.as_str() == word)
    }
}

/// Who made the value: decides whether its hash may enter the fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    /// Generated; cannot be found by trying.
    Random,
    /// Chosen by a person, or a hash of such: no prefix is shown and no hash is kept.
    Chosen,
}

/// A test of a candidate beyond its pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// The random part is not a placeholder (`XXXX`, `EXAMPLE`, `0000`, `1234...`, one repeated character, `${VAR}`, `<...>`, `{{...}}`).
    NoPlaceholder,
    /// The random part has at least this many different characters.
    Distinct(usize),
    /// The random part has a lower-case letter, an upper-case letter and a digit.
    Mixed,
    /// The random part has a letter and a digit.
    LetterAndDigit,
    /// Some unbroken piece of the value has 20 characters or more and changes often between cases and digits, as names do not.
    Random,
    /// The value does not begin like one that the provider prints in public documentation or ships in an emulator.
    Undocumented(&'static [&'static str]),
    /// The value is base64 of `user:password` with a password that is no placeholder.
    BasicPair,
    /// The value is a signed JSON Web Token with claims, and not a public one (documented example, anonymous role).
    SignedToken,
    /// A key body follows the header.
    KeyBody,
    /// A password in an address: no placeholder, not the user's name again, host not reserved for documentation.
    AddressPassword,
    /// A password that no word, placeholder or variable is, however short.
    Strange,
    /// A password in a file that a program writes: anything but a placeholder or a reference, however weak.
    Password,
    /// A password in a file that people write and commit as a template: also no default, example or path. Group `key` is
    /// the setting's name, if it counts.
    Configured,
    /// Base64 of a password or of `user:password`, the password as in [`Check::Password`].
    Encoded,
}

/// A checksum, by the format that has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sum {
    /// GitHub, npm: the last six characters are the CRC-32 of the rest of the random part, in base 62.
    Base62,
    /// The last eight are the CRC-32 of all before them, in hexadecimal digits.
    Grafana,
    /// Tokens with routing fields: the last seven are the CRC-32 of all before them, in base 36.
    Gitlab,
    /// NATS: the last two of the bytes that base 32 stands for are the CRC-16 of the others.
    Nkey,
}

impl Sum {
    /// Whether the format tells so little else that a value whose checksum differs is only likely one.
    pub(super) const fn decides(self) -> bool {
        matches!(self, Self::Nkey)
    }
}

/// What became of a checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Checksum {
    /// The format has none.
    #[default]
    Undefined,
    /// The value is exactly as the provider issues it.
    Holds,
    /// Altered, cut or invented; reported all the same.
    Differs,
}
