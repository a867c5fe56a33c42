//! What the instances of the gate together need of the files, and how one file
//! is read for them.

use crate::config::Config;
use crate::encoding;
use crate::extractor::{Extractor, Resolve, Source};
use crate::form::{Form, extension, is_manifest};
use crate::json::json;
use crate::roster::kind;
use gate_policy::GatePolicy;
use gate_repo::{FileKind, FileView, Repo, TrackedFile};
use gate_runner::Changes;
use gate_syntax::{Encoding, Located, Markdown, Options, SyntaxError, TagRule};
use regex::Regex;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The instances, and the union of what they need.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is needed or not by itself"
)]
pub struct Plan {
    configs: BTreeMap<String, Config>,
    tags: Vec<TagRule>,
    patterns: Vec<Regex>,
    imports: bool,
    code_paths: bool,
    names: bool,
    front_matter: bool,
    lint: bool,
    xml: bool,
    manifests: bool,
    /// Something is named that front matter may give a name.
    roster: bool,
    tokens: BTreeSet<Encoding>,
    has_links: bool,
}

/// What one tracked file gives.
#[derive(Debug)]
pub enum FilePart {
    Module(Box<Module>),
    /// A symbolic link and where it leads, as it says.
    Link(Box<str>),
    /// A name whose bytes are not of this repository.
    Absent,
    /// A file that is no text.
    Binary,
    Unread(String),
}

/// A file that is looked into.
#[derive(Debug)]
pub struct Module {
    pub markdown: Markdown,
    pub form: Form,
    /// What the manifest of a plugin or marketplace says.
    pub manifest: Option<Result<serde_json::Value, SyntaxError>>,
    /// Why an XML file is not well-formed.
    pub malformed: Option<SyntaxError>,
    /// Front matter as data, where somebody asks for it.
    pub matter: Option<Result<Located, SyntaxError>>,
    /// By every vocabulary that somebody asks for.
    pub tokens: Box<[(Encoding, u64)]>,
}

/// Longest manifest that is read, in bytes; real ones have some kilobytes.
const MAX_MANIFEST: usize = 4 * 1024 * 1024;

impl Plan {
    /// `changes`: against the base that governs.
    pub(crate) fn of(repo: &Repo, instances: &[&GatePolicy], changes: Option<Changes<'_>>) -> Self {
        let configs: BTreeMap<String, Config> = instances
            .iter()
            .map(|policy| (policy.key.clone(), Config::of(repo, policy, changes)))
            .collect();
        let mut files = repo.files().iter();
        Self::with(configs, files.any(|file| file.kind == FileKind::Symlink))
    }

    /// `has_links`: there are symbolic links.
    pub(crate) fn with(configs: BTreeMap<String, Config>, has_links: bool) -> Self {
        let asks = |criterion: &str| configs.values().any(|config| config.asks(criterion));
        let needed: Vec<&Extractor> = configs
            .values()
            .flat_map(|config| config.edges.iter().map(move |edges| (config, edges)))
            .map(|(config, edges)| (config, &edges.extractor))
            .filter(|(config, extractor)| config.needs(extractor))
            .map(|(_, extractor)| extractor)
            .collect();
        let sources = || needed.iter().map(|extractor| &extractor.source);
        let roster = needed.iter().any(|one| one.resolve != Resolve::File);
        let mut tags: Vec<TagRule> = sources().filter_map(Source::tag_rule).collect();
        // Of the presets' rules the first that fits a tag counts: its attributes
        // before its text.
        tags.sort_by(|a, b| {
            let order = |rule: &TagRule| {
                let text = rule.attribute.is_none();
                (rule.tag.clone(), text, !rule.any, rule.attribute.clone())
            };
            order(a).cmp(&order(b))
        });
        tags.dedup();
        let patterns: BTreeSet<&str> = sources()
            .filter_map(|source| match source {
                Source::Pattern(text) => Some(text.as_str()),
                _ => None,
            })
            .collect();
        // The policy reader has tried them all.
        let patterns = patterns
            .into_iter()
            .filter_map(|text| gate_policy::regex(text).ok())
            .collect();
        let counted = configs
            .values()
            .filter(|config| config.asks("token_budgets_respected"));
        let any = |wanted: Source| sources().any(|source| *source == wanted);
        Self {
            tags,
            patterns,
            imports: any(Source::Import),
            code_paths: any(Source::CodePath),
            names: any(Source::Name),
            front_matter: asks("yaml_frontmatter_correct"),
            lint: asks("markdown_syntax_valid"),
            xml: asks("valid_xml_structure"),
            manifests: roster
                || asks("all_referenced_modules_exist")
                || asks("all_modules_referenced"),
            roster,
            tokens: counted.map(|config| config.encoding).collect(),
            has_links,
            configs,
        }
    }

    /// What an instance is asked for.
    pub(crate) fn config(&self, key: &str) -> Option<&Config> {
        self.configs.get(key)
    }

    /// Whether the rule of an edge is this source's.
    pub(crate) fn is_rule(&self, rule: u32, source: &Source) -> bool {
        let rule = rule as usize;
        match source {
            Source::Tag { .. } => self.tags.get(rule) == source.tag_rule().as_ref(),
            Source::Pattern(text) => self
                .patterns
                .get(rule)
                .is_some_and(|pattern| pattern.as_str() == text),
            _ => true,
        }
    }

    pub(crate) fn wants(&self, file: &TrackedFile) -> bool {
        match file.kind {
            FileKind::Symlink => true,
            kind => kind.is_regular() && self.reads(&file.path),
        }
    }

    /// Whether a file of this name is read.
    pub(crate) fn reads(&self, path: &str) -> bool {
        gate_syntax::is_markdown(path)
            || (self.manifests && is_manifest(path))
            || self.wants_xml(path)
            || self.configs.values().any(|config| config.reads_text(path))
    }

    fn wants_xml(&self, path: &str) -> bool {
        // A module may be XML as a whole.
        let module = !self.tags.is_empty() && extension(path).eq_ignore_ascii_case("xml");
        Form::of(path) == Form::Xml && (self.xml || module)
    }

    pub(crate) fn read(&self, file: &TrackedFile, view: &FileView<'_>) -> FilePart {
        let bytes = match view {
            FileView::Symlink(target) => return link(target),
            // Where links are checked out as files, a file holds what the link would.
            FileView::Bytes(target) if file.kind == FileKind::Symlink => return link(target),
            FileView::Bytes(bytes) => bytes,
            FileView::Submodule => return FilePart::Absent,
            _ if file.kind == FileKind::Symlink => return FilePart::Absent,
            FileView::Missing => {
                return FilePart::Unread(String::from(
                    "it is tracked and not on disk: deleted and not staged, or left out by a sparse checkout of a clone that lacks its bytes",
                ));
            }
            FileView::TooLarge { size } => {
                return FilePart::Unread(format!(
                    "found {size} bytes, more than is read of one file"
                ));
            }
            FileView::Unreadable(reason) => return FilePart::Unread((*reason).to_owned()),
            _ => return FilePart::Unread(String::from("not a kind of file that can be read")),
        };
        self.parse(&file.path, bytes)
    }

    /// What the bytes of a file give.
    pub(crate) fn parse(&self, path: &str, bytes: &[u8]) -> FilePart {
        if encoding::is_pointer(bytes) {
            return FilePart::Unread(String::from(
                "found a pointer of Git LFS, expected the file itself",
            ));
        }
        let form = Form::of(path);
        let is_xml = form == Form::Xml;
        if is_manifest(path) && bytes.len() > MAX_MANIFEST {
            let found = bytes.len();
            return FilePart::Unread(format!(
                "found a manifest of {found} bytes, expected at most {MAX_MANIFEST}"
            ));
        }
        let manifest = is_manifest(path).then(|| json(bytes));
        let options = if form == Form::Markdown {
            Options {
                imports: self.imports,
                code_paths: self.code_paths,
                names: self.names,
                tags: &self.tags,
                patterns: &self.patterns,
                front_matter: self.front_matter,
                balance: self.xml,
                lint: self.lint,
            }
        } else {
            Options {
                tags: &self.tags,
                patterns: &self.patterns,
                ..Options::default()
            }
        };
        // XML says its encoding; Markdown is shown as UTF-8 or not at all.
        let read = match encoding::wide(bytes) {
            Some(_) if is_xml => Cow::Owned(encoding::narrow(bytes)),
            Some(encoding) => {
                return FilePart::Unread(format!("found {encoding}, expected UTF-8"));
            }
            None if !is_xml && manifest.is_none() && memchr::memchr(0, bytes).is_some() => {
                return FilePart::Binary;
            }
            None => Cow::Borrowed(bytes),
        };
        let text = || String::from_utf8_lossy(&read);
        FilePart::Module(Box::new(Module {
            markdown: match form {
                Form::Markdown => gate_syntax::parse(&read, options),
                Form::Xml => gate_syntax::parse_xml(&read, options),
                Form::Text => gate_syntax::parse_text(&read, options),
            },
            form,
            manifest,
            malformed: (is_xml && self.xml)
                .then(|| gate_syntax::xml_problem(bytes))
                .flatten(),
            matter: (form == Form::Markdown && self.reads_matter(path))
                .then(|| gate_syntax::front_matter_value(&text()))
                .flatten(),
            tokens: self
                .tokens
                .iter()
                .map(|encoding| (*encoding, gate_syntax::count_tokens(*encoding, &text())))
                .collect(),
        }))
    }

    /// Front matter is data where a rule asks for keys, and where it names an
    /// agent, a skill or what they use.
    fn reads_matter(&self, path: &str) -> bool {
        // By way of a link a file may have any name.
        let ruled = |config: &Config| {
            let mut rules = config.front_matter.iter();
            config.asks("yaml_frontmatter_correct")
                && rules.any(|rule| self.has_links || rule.paths.is_match(path))
        };
        // Whom a name means, its own front matter may say.
        let named = self.roster && kind(path).is_some();
        let names = |config: &Config| {
            config.edges.iter().any(|edges| {
                matches!(edges.extractor.source, Source::FrontMatter(_))
                    && config.needs(&edges.extractor)
                    && edges
                        .paths
                        .as_ref()
                        .is_none_or(|paths| paths.is_match(path))
            })
        };
        self.configs
            .values()
            .any(|config| named || ruled(config) || names(config))
    }
}

pub(crate) fn link(target: &[u8]) -> FilePart {
    FilePart::Link(String::from_utf8_lossy(target).into())
}
