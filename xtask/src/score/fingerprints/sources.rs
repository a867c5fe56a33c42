//! Sources that bring out the rules of the hash.

/// One kind of source: its name, and how one is made.
pub(super) struct Kind {
    pub(super) name: &'static str,
    make: fn(&mut Random) -> Vec<u8>,
}

pub(super) static KINDS: &[Kind] = &[
    Kind {
        name: "UTF-8",
        make: |random| text(random, &["\n"], WORDS, 60),
    },
    Kind {
        name: "UTF-8 with a byte order mark",
        make: |random| [b"\xef\xbb\xbf".to_vec(), text(random, &["\n"], WORDS, 20)].concat(),
    },
    Kind {
        name: "CR, CRLF, and all line ends mixed",
        make: |random| {
            let ends: &[&[&str]] = &[
                &["\r"],
                &["\r\n"],
                &["\r", "\n", "\r\n", "\r \n", "\n\r", "\r\t\r\n"],
            ];
            let ends = random.one(ends);
            text(random, ends, WORDS, 60)
        },
    },
    Kind {
        name: "nothing, or nothing but line ends and blanks",
        make: |random| {
            let pieces: &[&str] = &["\n", "\r", "\r\n", " ", "\t", "\r \n"];
            let length = random.below(300);
            let of = 1 + random.below(pieces.len());
            (0..length)
                .flat_map(|_| pieces[random.below(of)].bytes())
                .collect()
        },
    },
    Kind {
        name: "lines that repeat",
        make: |random| {
            let lines: Vec<Vec<u8>> = (0..3).map(|_| text(random, &["\n"], WORDS, 2)).collect();
            (0..random.below(400))
                .flat_map(|_| random.one(&lines).clone())
                .collect()
        },
    },
    Kind {
        name: "blanks and line ends of Unicode",
        make: |random| {
            text(
                random,
                &["\n", "\u{2028}", "\u{85}", "\u{b}", "\u{c}"],
                BLANKS,
                60,
            )
        },
    },
    Kind {
        name: "beyond the basic plane",
        make: |random| text(random, &["\n", "\r\n"], ASTRAL, 60),
    },
    Kind {
        name: "NULs, controls and noncharacters",
        make: |random| text(random, &["\n", "\r", "\0"], CONTROLS, 60),
    },
    Kind {
        name: "Latin-1",
        make: |random| {
            let text = text(
                random,
                &["\n", "\r\n"],
                &["a", "Grüße", "é", " ", "ß=ÿ", "x\u{a0}y"],
                60,
            );
            String::from_utf8_lossy(&text)
                .chars()
                .map(|character| u8::try_from(u32::from(character)).unwrap_or(b'?'))
                .collect()
        },
    },
    Kind {
        name: "UTF-16",
        make: |random| {
            let text = text(random, &["\n", "\r\n"], ASTRAL, 40);
            let big = random.below(2) == 0;
            let text = format!("\u{feff}{}", String::from_utf8_lossy(&text));
            text.encode_utf16()
                .flat_map(|unit| {
                    if big {
                        unit.to_be_bytes()
                    } else {
                        unit.to_le_bytes()
                    }
                })
                .collect()
        },
    },
    Kind {
        name: "bytes of chance",
        make: |random| {
            let length = random.below(4000);
            (0..length).map(|_| random.byte()).collect()
        },
    },
    Kind {
        name: "UTF-8 that is broken in every way",
        make: |random| broken(random, 400),
    },
    Kind {
        name: "very long lines",
        make: |random| {
            let words = random.one(&[WORDS, ASTRAL, BLANKS]);
            let mut bytes = Vec::new();
            for _ in 0..random.below(4) {
                let length = random.below(40_000);
                while bytes.len() < length {
                    bytes.extend(random.one(words).bytes());
                }
                bytes.extend(text(random, &["\n"], WORDS, 4));
            }
            bytes
        },
    },
    Kind {
        // Node reads pieces of 65,536 bytes: what is cut there has to be put together again.
        name: "more than Node reads at a time",
        make: |random| {
            let mut bytes = Vec::new();
            while bytes.len() < 65_536 {
                bytes.extend(text(random, &["\n"], WORDS, 60));
            }
            bytes.truncate(65_536 - random.below(6));
            bytes.extend(broken(random, 10));
            bytes.extend(text(random, &["\n"], ASTRAL, 10));
            bytes
        },
    },
];

const WORDS: &[&str] = &[
    "a",
    "let",
    " ",
    "    ",
    "\t",
    "=",
    "value",
    "0x1F",
    "();",
    "{",
    "}",
    "// ",
    "naïve",
    "中文字",
    "return",
];
const BLANKS: &[&str] = &[
    " ", "\t", "\u{a0}", "\u{3000}", "\u{200b}", "\u{feff}", "\u{2003}", "x", "word",
];
const ASTRAL: &[&str] = &[
    "😀",
    "𝒳𝒴",
    "\u{10ffff}",
    "\u{10000}",
    "a",
    " ",
    "é",
    "\u{ffff}",
    "漢",
];
const CONTROLS: &[&str] = &[
    "\0",
    "\0\0\0",
    "\u{1}",
    "\u{1b}[0m",
    "\u{7f}",
    "\u{fffe}",
    "\u{ffff}",
    "\u{fdd0}",
    "\u{80}",
    "a",
    " ",
];
/// Overlong, cut off, out of range, surrogates, bytes that are in no text, and what is fine.
const BROKEN: &[&[u8]] = &[
    b"\xc0\x80",
    b"\xc2",
    b"\xe0\x80\x80",
    b"\xe0\xa0",
    b"\xe2\x82",
    b"\xe2\x82\xac",
    b"\xed\xa0\x80",
    b"\xed\xbf\xbf",
    b"\xef\xbf\xbe",
    b"\xf0\x80\x80\x80",
    b"\xf0\x90",
    b"\xf0\x90\x80",
    b"\xf0\x9f\x98\x80",
    b"\xf4\x90\x80\x80",
    b"\xf8\x88\x80\x80\x80",
    b"\xfe\xff",
    b"\x80",
    b"\xbf\xbf\xbf\xbf\xbf",
    b"\xc3\xa9",
    b"a",
    b"\n",
    b" ",
    b"\r",
];

/// The same sources in every run.
pub(super) fn make(kind: &Kind, seed: usize, count: usize) -> Vec<Vec<u8>> {
    let mut random = Random(seed as u64);
    (0..count).map(|_| (kind.make)(&mut random)).collect()
}

/// Up to so many lines.
fn text(random: &mut Random, ends: &[&str], words: &[&str], most: usize) -> Vec<u8> {
    let mut text = String::new();
    for _ in 0..random.below(most) {
        let longest = random.one(&[0, 5, 20, 60]);
        for _ in 0..random.below(longest + 1) {
            text.push_str(random.one(words));
        }
        text.push_str(random.one(ends));
    }
    if random.below(2) == 0 {
        text.push_str(random.one(words));
    }
    text.into_bytes()
}

fn broken(random: &mut Random, most: usize) -> Vec<u8> {
    let pieces = random.below(most);
    (0..pieces)
        .flat_map(|_| random.one(BROKEN).iter().copied())
        .collect()
}

/// A linear congruential generator.
pub(super) struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next()).unwrap_or_default() % bound.max(1)
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_the_same_in_every_run() {
        for (seed, kind) in KINDS.iter().enumerate() {
            let made = make(kind, seed, 20);
            assert_eq!(made, make(kind, seed, 20), "{}", kind.name);
            assert!(made.iter().any(|source| source.len() > 10), "{}", kind.name);
        }
    }
}
