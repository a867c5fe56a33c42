//! How one kind of reference is found and where it leads.

use gate_policy::Value;
use gate_syntax::TagRule;
use globset::GlobSet;

/// An extractor with its paths compiled.
#[derive(Debug)]
pub(crate) struct Edges {
    pub(crate) extractor: Extractor,
    pub(crate) paths: Option<GlobSet>,
    /// Not the policy's own.
    pub(crate) of_preset: bool,
    /// Of a preset that nobody named: tags of XML have other meanings elsewhere.
    pub(crate) is_guess: bool,
}

impl Edges {
    /// Whether it takes a preset's tags with a bare word, which may be prose.
    pub(crate) fn is_of_words(&self) -> bool {
        self.of_preset && matches!(self.extractor.source, Source::Tag { any: true, .. })
    }
}

/// How one kind of reference is found and where it leads.
#[derive(Clone, Debug)]
pub(crate) struct Extractor {
    pub(crate) name: String,
    pub(crate) source: Source,
    pub(crate) resolve: Resolve,
    /// Globs of the files that have such references, imports with what they lead to; all without.
    pub(crate) paths: Option<Vec<String>>,
    pub(crate) base: Base,
    /// Endings that a target may leave out.
    pub(crate) extensions: Vec<String>,
    /// What it names is loaded with the file: circles, depth and closure count it.
    pub(crate) loads: bool,
    /// It counts as depth all the same.
    pub(crate) deep: bool,
}

/// Where a reference stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Tag {
        tag: String,
        attribute: Option<String>,
        /// Any word is a target, not only what looks like a path.
        any: bool,
    },
    Import,
    Link,
    CodePath,
    Name,
    FrontMatter(String),
    Pattern(String),
}

impl Source {
    /// Whether such references stand in texts of any kind, not only in Markdown.
    pub(crate) fn is_of_any_text(&self) -> bool {
        matches!(self, Self::Tag { .. } | Self::Pattern(_))
    }
}

impl Source {
    /// How a tag is looked for.
    pub(crate) fn tag_rule(&self) -> Option<TagRule> {
        let Self::Tag {
            tag,
            attribute,
            any,
        } = self
        else {
            return None;
        };
        Some(TagRule {
            tag: tag.as_str().into(),
            attribute: attribute.as_deref().map(Into::into),
            any: *any,
        })
    }
}

/// What a reference names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Resolve {
    File,
    Agent,
    Skill,
    Command,
    /// Any of the three by `namespace:name`.
    Any,
}

/// Against what a path is resolved, beside the file's own folder and the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    None,
    /// Every folder above the file.
    Ancestors,
    /// The folder of the skill that the file belongs to.
    Skill,
    /// A folder, from the root.
    Folder(String),
}

impl Extractor {
    pub(crate) fn new(name: &str, source: Source, resolve: Resolve) -> Self {
        Self {
            name: name.to_owned(),
            source,
            resolve,
            paths: None,
            base: Base::None,
            extensions: vec![String::from(".md")],
            loads: false,
            deep: false,
        }
    }
}

/// An entry of `edges:` as the policy reader has checked it.
pub(crate) fn extractor(value: &Value) -> Option<Extractor> {
    let pattern = value.text_of("pattern").unwrap_or_default();
    let source = match value.text_of("kind")? {
        "element" => Source::Tag {
            tag: pattern.to_owned(),
            attribute: None,
            any: true,
        },
        "attribute" => {
            let (tag, attribute) = pattern.split_once('@')?;
            Source::Tag {
                tag: tag.to_owned(),
                attribute: Some(attribute.to_owned()),
                any: true,
            }
        }
        "import" => Source::Import,
        "link" => Source::Link,
        "code_path" => Source::CodePath,
        "name" => Source::Name,
        "front_matter" => Source::FrontMatter(pattern.to_owned()),
        "regex" => Source::Pattern(pattern.to_owned()),
        _ => return None,
    };
    let resolve = match value.text_of("resolve") {
        Some("agent") => Resolve::Agent,
        Some("skill") => Resolve::Skill,
        Some("command") => Resolve::Command,
        _ if source == Source::Name => Resolve::Any,
        _ => Resolve::File,
    };
    let loads = matches!(source, Source::Tag { .. } | Source::Import);
    let mut extractor = Extractor::new(value.text_of("name")?, source, resolve);
    extractor.loads = value.bool_of("loads").unwrap_or(loads);
    if let Some(base) = value.text_of("base") {
        extractor.base = Base::Folder(if base == "." { "" } else { base }.to_owned());
    } else if matches!(extractor.source, Source::Tag { .. }) {
        extractor.base = Base::Ancestors;
    }
    let own = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect();
    extractor.paths = value.get("paths").map(|paths| own(paths.texts()));
    if let Some(extensions) = value.get("extensions") {
        extractor.extensions = own(extensions.texts());
    }
    Some(extractor)
}
