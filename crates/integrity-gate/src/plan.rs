//! What the instances of the gate together need of the files, and how one file
//! is read for them.

use crate::config::Config;
use crate::encoding;
use crate::extractor::{Extractor, Resolve, Source};
use crate::roster::kind;
use crate::tree::{folder, last};
use gate_policy::GatePolicy;
use gate_repo::{FileView, Repo, TrackedFile};
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
}

/// What one tracked file gives.
#[derive(Debug)]
pub enum FilePart {
    Module(Box<Module>),
    /// A manifest of a plugin or marketplace.
    Manifest(Box<Result<serde_json::Value, SyntaxError>>),
    /// A name whose bytes are not of this repository.
    Absent,
    Unread(String),
}

/// A Markdown or XML file.
#[derive(Debug)]
pub struct Module {
    pub markdown: Markdown,
    pub is_xml: bool,
    /// Why an XML file is not well-formed.
    pub malformed: Option<SyntaxError>,
    /// Front matter as data, where somebody asks for it.
    pub matter: Option<Result<Located, SyntaxError>>,
    /// By every vocabulary that somebody asks for.
    pub tokens: Box<[(Encoding, u64)]>,
}

/// Endings of XML files.
const XML: [&str; 11] = [
    "xml", "xsd", "xsl", "xslt", "svg", "rss", "atom", "wsdl", "xlf", "xliff", "dita",
];

impl Plan {
    /// `changes`: against the base that governs.
    pub(crate) fn of(repo: &Repo, instances: &[&GatePolicy], changes: Option<Changes<'_>>) -> Self {
        let configs: BTreeMap<String, Config> = instances
            .iter()
            .map(|policy| (policy.key.clone(), Config::of(repo, policy, changes)))
            .collect();
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
        let mut tags: Vec<TagRule> = sources().filter_map(tag_rule).collect();
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
            Source::Tag { .. } => self.tags.get(rule) == tag_rule(source).as_ref(),
            Source::Pattern(text) => self
                .patterns
                .get(rule)
                .is_some_and(|pattern| pattern.as_str() == text),
            _ => true,
        }
    }

    pub(crate) fn wants(&self, file: &TrackedFile) -> bool {
        file.kind.is_regular() && self.reads(&file.path)
    }

    /// Whether a file of this name is read.
    pub(crate) fn reads(&self, path: &str) -> bool {
        gate_syntax::is_markdown(path)
            || (self.manifests && is_manifest(path))
            || self.wants_xml(path)
    }

    fn wants_xml(&self, path: &str) -> bool {
        match &*extension(path).to_ascii_lowercase() {
            // A module may be XML as a whole.
            "xml" => self.xml || !self.tags.is_empty(),
            other => self.xml && XML.contains(&other),
        }
    }

    pub(crate) fn read(&self, file: &TrackedFile, view: &FileView<'_>) -> FilePart {
        let bytes = match view {
            FileView::Bytes(bytes) => bytes,
            FileView::Submodule | FileView::Symlink(_) => return FilePart::Absent,
            FileView::Missing => {
                return FilePart::Unread(String::from(
                    "it is tracked and not on disk: a sparse checkout, or deleted and not staged",
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
        if is_manifest(path) {
            return FilePart::Manifest(Box::new(json(bytes)));
        }
        let is_xml = !gate_syntax::is_markdown(path);
        let options = Options {
            imports: self.imports,
            code_paths: self.code_paths,
            names: self.names,
            tags: &self.tags,
            patterns: &self.patterns,
            front_matter: self.front_matter,
            balance: self.xml,
            lint: self.lint,
        };
        // XML says its encoding; Markdown is shown as UTF-8 or not at all.
        let read = match encoding::wide(bytes) {
            Some(_) if is_xml => Cow::Owned(encoding::narrow(bytes)),
            Some(encoding) => {
                return FilePart::Unread(format!("found {encoding}, expected UTF-8"));
            }
            None => Cow::Borrowed(bytes),
        };
        let text = || String::from_utf8_lossy(&read);
        FilePart::Module(Box::new(Module {
            markdown: if is_xml {
                gate_syntax::parse_xml(&read, &self.tags)
            } else {
                gate_syntax::parse(&read, options)
            },
            is_xml,
            malformed: (is_xml && self.xml)
                .then(|| gate_syntax::xml_problem(bytes))
                .flatten(),
            matter: (!is_xml && self.reads_matter(path))
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
        let ruled = |config: &Config| {
            config.asks("yaml_frontmatter_correct")
                && config
                    .front_matter
                    .iter()
                    .any(|rule| rule.paths.is_match(path))
        };
        // Whom a name means, its own front matter may say.
        let named = self.roster && kind(path).is_some();
        let names = |config: &Config| {
            config.edges.iter().any(|edges| {
                matches!(edges.extractor.source, Source::FrontMatter(_))
                    && config.needs(&edges.extractor)
                    && edges.stands_in(path)
            })
        };
        self.configs
            .values()
            .any(|config| named || ruled(config) || names(config))
    }
}

fn tag_rule(source: &Source) -> Option<TagRule> {
    let Source::Tag {
        tag,
        attribute,
        any,
    } = source
    else {
        return None;
    };
    Some(TagRule {
        tag: tag.as_str().into(),
        attribute: attribute.as_deref().map(Into::into),
        any: *any,
    })
}

/// `plugin.json` or `marketplace.json` of a plugin's own folder.
pub(crate) fn is_manifest(path: &str) -> bool {
    matches!(last(path), "plugin.json" | "marketplace.json")
        && last(folder(path)) == ".claude-plugin"
}

fn extension(path: &str) -> &str {
    last(path).rsplit_once('.').map_or("", |(_, ending)| ending)
}

fn json(bytes: &[u8]) -> Result<serde_json::Value, SyntaxError> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| {
        let message = error.to_string();
        // The place is told apart. At the start of a line its column is 0.
        let (what, _) = message.split_once(" at line ").unwrap_or((&message, ""));
        SyntaxError {
            line: u32::try_from(error.line()).unwrap_or(u32::MAX),
            column: u32::try_from(error.column().max(1)).unwrap_or(u32::MAX),
            message: what.into(),
        }
    })
}
