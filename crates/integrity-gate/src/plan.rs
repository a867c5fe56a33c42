//! What the instances of the gate together need of the files, and how one file
//! is read for them.

use crate::config::Config;
use crate::extractor::{Edges, Source};
use crate::tree::{folder, last};
use gate_policy::GatePolicy;
use gate_repo::{FileView, Repo, TrackedFile};
use gate_runner::Changes;
use gate_syntax::{Encoding, Located, Markdown, Options, SyntaxError, TagRule};
use regex::Regex;
use std::collections::BTreeMap;

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
    /// What was compiled, in the order of `patterns`.
    pattern_texts: Vec<String>,
    imports: bool,
    code_paths: bool,
    names: bool,
    front_matter: bool,
    balance: bool,
    lint: bool,
    xml: bool,
    manifests: bool,
    tokens: Option<Encoding>,
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
    pub tokens: Option<u64>,
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
        let names = asks("delegation_chains_resolve") || asks("all_modules_referenced");
        let sources: Vec<&Source> = configs
            .values()
            .flat_map(|config| {
                let needed = move |edges: &&Edges| config.needs(&edges.extractor);
                config.edges.iter().filter(needed)
            })
            .map(|edges| &edges.extractor.source)
            .collect();
        let mut tags: Vec<TagRule> = sources
            .iter()
            .filter_map(|source| tag_rule(source))
            .collect();
        // The first rule that fits a tag counts: its attributes before its text.
        tags.sort_by(|a, b| {
            let order = |rule: &TagRule| {
                let text = rule.attribute.is_none();
                (rule.tag.clone(), text, !rule.any, rule.attribute.clone())
            };
            order(a).cmp(&order(b))
        });
        tags.dedup();
        let mut pattern_texts: Vec<String> = sources
            .iter()
            .filter_map(|source| match source {
                Source::Pattern(text) => Some(text.clone()),
                _ => None,
            })
            .collect();
        pattern_texts.sort();
        pattern_texts.dedup();
        // The policy reader has tried them all.
        pattern_texts.retain(|text| gate_policy::regex(text).is_ok());
        let patterns = pattern_texts
            .iter()
            .filter_map(|text| gate_policy::regex(text).ok())
            .collect();
        let any = |wanted: fn(&Source) -> bool| sources.iter().any(|source| wanted(source));
        Self {
            tags,
            patterns,
            pattern_texts,
            imports: any(|source| *source == Source::Import),
            code_paths: any(|source| *source == Source::CodePath),
            names: any(|source| *source == Source::Name),
            front_matter: asks("yaml_frontmatter_correct"),
            balance: asks("valid_xml_structure"),
            lint: asks("markdown_syntax_valid"),
            xml: asks("valid_xml_structure"),
            manifests: names || asks("all_referenced_modules_exist"),
            tokens: configs
                .values()
                .find(|config| config.asks("token_budgets_respected"))
                .map(|config| config.encoding),
            configs,
        }
    }

    /// What an instance is asked for.
    pub(crate) fn config(&self, key: &str) -> Option<&Config> {
        self.configs.get(key)
    }

    /// Whether the rule of an edge is this source's.
    pub(crate) fn is_rule(&self, rule: u8, source: &Source) -> bool {
        let rule = usize::from(rule);
        match source {
            Source::Tag { .. } => self.tags.get(rule) == tag_rule(source).as_ref(),
            Source::Pattern(text) => self.pattern_texts.get(rule) == Some(text),
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
        match extension(path) {
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
        let options = if is_xml {
            Options {
                tags: &self.tags,
                ..Options::default()
            }
        } else {
            Options {
                imports: self.imports,
                code_paths: self.code_paths,
                names: self.names,
                tags: &self.tags,
                patterns: &self.patterns,
                front_matter: self.front_matter,
                balance: self.balance,
                lint: self.lint,
            }
        };
        FilePart::Module(Box::new(Module {
            markdown: gate_syntax::parse(bytes, options),
            is_xml,
            malformed: (is_xml && self.xml)
                .then(|| gate_syntax::xml_problem(bytes))
                .flatten(),
            matter: (!is_xml && self.reads_matter(path))
                .then(|| gate_syntax::front_matter_value(&String::from_utf8_lossy(bytes)))
                .flatten(),
            tokens: self.tokens.filter(|_| !is_xml).map(|encoding| {
                gate_syntax::count_tokens(encoding, &String::from_utf8_lossy(bytes))
            }),
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
        let names = |config: &Config| {
            config.edges.iter().any(|edges| {
                let wanted = matches!(
                    edges.extractor.source,
                    Source::FrontMatter(_) | Source::Name
                );
                wanted
                    && edges
                        .paths
                        .as_ref()
                        .is_none_or(|paths| paths.is_match(path))
            })
        };
        self.configs
            .values()
            .any(|config| ruled(config) || (self.manifests && names(config)))
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
    serde_json::from_slice(bytes).map_err(|error| SyntaxError {
        line: u32::try_from(error.line()).unwrap_or(u32::MAX),
        column: u32::try_from(error.column()).unwrap_or(u32::MAX),
        message: error.to_string().into(),
    })
}
