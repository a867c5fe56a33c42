//! The engine: one pass for the literals, then each rule's pattern in a bounded window around the candidates.

use std::ops::Range;

use regex::bytes::Captures;

use super::assign::{Judged, judge};
use super::checks::{Candidate, distinct, holds};
use super::checksums::checksum;
use super::compiled::ENGINE;
use super::decoded;
use super::files::{manifest, rules_for};
use super::key_body::key_body;
use super::matched::{Budget, Match, settle};
use super::piece::Piece;
use super::place::{characters, narrow};
use super::report::Report;
use super::rule::{Check, Checksum, Reach, Tier, ValueKind};
use super::rules::rules;
use super::text::{as_text, is_binary};
use super::{FileScan, Hit, MAX_HITS};

/// Raw matches kept before overlaps are settled.
const MAX_MATCHES: usize = MAX_HITS * 4;
/// A credential file is read up to this size.
const MAX_FILE: usize = 1 << 20;
/// The first bytes of a file, by which its kind is told.
const HEAD: usize = 4 << 10;
/// How far the body of a key is followed.
const MAX_KEY: usize = 32 << 10;

/// Names of the group that holds the value; alternatives of one pattern need one each.
const VALUE_GROUPS: [&str; 6] = ["v", "w", "x", "y", "z", "u"];

/// Which rules look.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    All,
    /// In text that was encoded: formats, and no names that give a value away.
    Certain,
    /// In what is no text: what no chance makes.
    Unlikely,
}

struct Search<'a> {
    path: &'a str,
    bytes: &'a [u8],
    matches: Vec<Match>,
    scope: Scope,
    budget: &'a mut Budget,
    /// Whether the file has a name for which [`Reach::Manifest`] looks.
    is_manifest: bool,
}

pub(super) fn scan(path: &str, bytes: &[u8], found: &mut Vec<Hit>) -> FileScan {
    let text = as_text(bytes);
    let mut scan = Scan::new(path, bytes, &text);
    scan.add(&mut Piece::whole(&text));
    scan.finish(found)
}

/// The search of one file, piece by piece.
#[derive(Debug)]
pub(crate) struct Scan<'a> {
    path: &'a str,
    by_name: Vec<usize>,
    binary: bool,
    is_spent: bool,
    report: Report,
}

impl<'a> Scan<'a> {
    /// `bytes` is how the file begins, and `text` how that reads.
    pub(crate) fn new(path: &'a str, bytes: &[u8], text: &[u8]) -> Self {
        Self {
            path,
            by_name: rules_for(path),
            binary: is_binary(bytes),
            is_spent: false,
            report: Report::new(text),
        }
    }

    /// Searches a piece. Its own part is made shorter where it would end in an encoded run, which is then the next one's.
    pub(crate) fn add(&mut self, piece: &mut Piece<'_>) {
        let mut budget = Budget::of(piece.bytes);
        let mut search = Search {
            path: self.path,
            bytes: piece.bytes,
            matches: Vec::new(),
            scope: if self.binary {
                Scope::Unlikely
            } else {
                Scope::All
            },
            budget: &mut budget,
            is_manifest: false,
        };
        search.credential_files(&self.by_name);
        search.literals();
        let plain = settle(search.matches);
        let mut decoded = Vec::new();
        if !self.binary && !budget.is_spent {
            let open;
            (decoded, open) = decoded::search(piece.bytes, !piece.is_last, &mut budget);
            match open {
                Some(start) if start > piece.own.start => {
                    piece.own.end = piece.own.end.min(start);
                }
                // It does not fit into a piece.
                Some(_) => budget.is_spent = true,
                None => {}
            }
        }
        self.is_spent |= budget.is_spent;
        self.report.add(piece, plain, decoded);
    }

    pub(crate) fn finish(self, found: &mut Vec<Hit>) -> FileScan {
        let before = found.len();
        let truncated = self.report.finish(found) || self.is_spent;
        FileScan {
            hits: found.len() - before,
            truncated,
            binary: self.binary,
            by_name: self.by_name,
            unread: None,
        }
    }
}

/// What rules of formats find in text that was encoded, whatever the file.
pub(super) fn certain(text: &[u8], budget: &mut Budget) -> Vec<Match> {
    let mut search = Search {
        path: "",
        bytes: text,
        matches: Vec::new(),
        scope: Scope::Certain,
        budget,
        is_manifest: false,
    };
    search.literals();
    settle(search.matches)
}

impl Search<'_> {
    fn credential_files(&mut self, rules_of: &[usize]) {
        self.is_manifest = rules_of
            .iter()
            .any(|&index| rules()[index].reach == Reach::Manifest);
        for &index in rules_of {
            if rules()[index].reach == Reach::Nature {
                let head = &self.bytes[..self.bytes.len().min(HEAD)];
                if ENGINE.pattern(index).is_match(head) {
                    self.matches.push(Match::whole_file(index, self.bytes));
                }
            } else if rules()[index].reach == Reach::File && self.scope == Scope::All {
                self.budget.is_spent |= self.bytes.len() > MAX_FILE;
                self.search_window(index, 0..self.bytes.len().min(MAX_FILE), None, false);
            }
        }
    }

    /// The Secret whose kind the literal is; its values are judged by the parser.
    fn manifest(&mut self, index: usize, at: usize) {
        let (values, work) = manifest::values(self.bytes, at);
        self.budget.spend(work);
        let of_parser = |value| Match::of_parser(index, self.bytes, value);
        self.matches.extend(values.into_iter().map(of_parser));
    }

    fn literals(&mut self) {
        let bytes = self.bytes;
        ENGINE.filter.search(bytes, |literal, at| {
            for &(index, length) in &ENGINE.by_literal[literal] {
                self.candidate(index, at..at + length);
            }
            self.budget.is_spent |= self.matches.len() >= MAX_MATCHES;
            !self.budget.is_spent
        });
    }

    fn candidate(&mut self, index: usize, literal: Range<usize>) {
        let rule = &rules()[index];
        let is_of_scope = match self.scope {
            Scope::All => true,
            Scope::Certain => rule.tier == Tier::Certain,
            Scope::Unlikely => rule.tier == Tier::Certain && rule.value != ValueKind::Chosen,
        };
        if !is_of_scope {
            return;
        }
        let at = literal.start;
        let clip = |end: usize| end.min(self.bytes.len());
        match rule.reach {
            Reach::Here { after } => {
                if rule.bounded && !starts_here(self.bytes, at) {
                    return;
                }
                let window = &self.bytes[at..clip(at + after)];
                self.budget.spend(window.len());
                if let Some(captures) = ENGINE.pattern(index).captures(window) {
                    self.confirm(index, &captures, at);
                }
            }
            Reach::Around { before, after } => {
                self.search_window(
                    index,
                    at.saturating_sub(before)..clip(at + after),
                    Some(&literal),
                    rule.bounded,
                );
            }
            Reach::Near {
                anchor,
                before,
                after,
            } => {
                let window = &self.bytes[at..clip(at + after)];
                if (!rule.bounded || starts_here(self.bytes, at))
                    && ENGINE.anchor(index, anchor).is_match(window)
                {
                    self.search_window(
                        index,
                        at.saturating_sub(before)..clip(at + after),
                        None,
                        false,
                    );
                }
            }
            Reach::Assigned => self.assigned(index, &literal),
            Reach::Manifest if self.is_manifest => self.manifest(index, at),
            Reach::Manifest | Reach::File | Reach::Nature => {}
        }
    }

    /// The value of a name that gives it away.
    fn assigned(&mut self, index: usize, literal: &Range<usize>) {
        let rule = &rules()[index];
        self.budget.spend(64);
        let Some(Judged {
            value,
            tier,
            guessable,
        }) = judge(self.path, self.bytes, literal)
        else {
            return;
        };
        let length = narrow(characters(&self.bytes[value.clone()]));
        self.matches.push(Match {
            rule: index,
            extent: value.clone(),
            value,
            length,
            guessable,
            tier: tier.min(rule.tier),
            checksum: Checksum::Undefined,
        });
    }

    /// Every match in the window, or those that cover `literal`.
    fn search_window(
        &mut self,
        index: usize,
        window: Range<usize>,
        literal: Option<&Range<usize>>,
        bounded: bool,
    ) {
        let bytes = self.bytes;
        self.budget.spend(window.len());
        for captures in ENGINE.pattern(index).captures_iter(&bytes[window.clone()]) {
            let whole = captures.get_match().range();
            let (start, end) = (whole.start + window.start, whole.end + window.start);
            let covers = literal
                .as_ref()
                .is_none_or(|literal| start <= literal.start && literal.end <= end);
            // What the window cuts off is not known to begin or end there.
            let cut = start == window.start && start > 0 || end == window.end && end < bytes.len();
            if covers && !cut && (!bounded || starts_here(bytes, start)) {
                self.confirm(index, &captures, window.start);
            }
            if self.matches.len() >= MAX_MATCHES {
                self.budget.is_spent = true;
                return;
            }
        }
    }

    fn confirm(&mut self, index: usize, captures: &Captures<'_>, base: usize) {
        let rule = &rules()[index];
        let whole = captures.get_match().range();
        let value = VALUE_GROUPS.iter().find_map(|name| captures.name(name));
        let value = value.map_or(whole, |group| group.range());
        let value = value.start + base..value.end + base;
        let is_key = rule.checks.contains(&Check::KeyBody);
        if value.is_empty() || !is_key && !ends_here(self.bytes, value.end) {
            return;
        }
        let group = |name| captures.name(name).map(|group| group.as_bytes());
        let rest = &self.bytes[value.end..self.bytes.len().min(value.end + MAX_KEY)];
        let candidate = Candidate {
            value: &self.bytes[value.clone()],
            secret: group("s").unwrap_or(&self.bytes[value.clone()]),
            user: group("user").unwrap_or_default(),
            host: group("host").unwrap_or_default(),
            key: group("key").unwrap_or_default(),
            rest,
        };
        if !rule.checks.iter().all(|&check| holds(check, &candidate)) {
            return;
        }
        let secret = candidate.secret;
        let sum = rule.checksum;
        let checksum = sum.map_or(Checksum::Undefined, |sum| {
            checksum(sum, candidate.value, secret)
        });
        let tier = match sum {
            Some(sum) if sum.decides() && checksum == Checksum::Differs => {
                rule.tier.min(Tier::Likely)
            }
            _ => rule.tier,
        };
        if self.scope != Scope::All && tier < Tier::Certain {
            return;
        }
        let body = if is_key {
            key_body(rest).unwrap_or_default()
        } else {
            0
        };
        self.budget.spend(body);
        let extent = value.start..value.end + body;
        self.matches.push(Match {
            rule: index,
            value,
            length: narrow(characters(&self.bytes[extent.clone()])),
            extent,
            guessable: rule.value == ValueKind::Chosen || secret.len() < 16 || distinct(secret) < 8,
            tier,
            checksum,
        });
    }
}

/// No word character before `at`; the letter of an escape (`\n`) and percent codes (`%3D`) end before it.
fn starts_here(bytes: &[u8], at: usize) -> bool {
    match bytes[..at] {
        [.., b'\\', b'n' | b'r' | b't'] => true,
        [.., b'%', first, second] if first.is_ascii_hexdigit() && second.is_ascii_hexdigit() => {
            true
        }
        [.., before] => !before.is_ascii_alphanumeric() && before != b'_',
        [] => true,
    }
}

fn ends_here(bytes: &[u8], at: usize) -> bool {
    bytes
        .get(at)
        .is_none_or(|next| !next.is_ascii_alphanumeric() && *next != b'_')
}
