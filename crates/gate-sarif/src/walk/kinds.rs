//! The objects of SARIF 2.1.0 that hold references, and what stands under which of their keys.

/// An object of the SARIF object model. Others (messages, regions, property bags) hold no
/// references and are passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Run,
    Tool,
    Component,
    Descriptor,
    Relationship,
    /// Reference to a rule.
    RuleReference,
    /// `result.rule`, to which `ruleId` and `ruleIndex` of the result belong.
    ResultRule,
    NotificationReference,
    TaxonReference,
    /// Target of a relationship: rule, notification or taxon.
    TargetReference,
    ComponentReference,
    /// Reference to a component that is expected to be a taxonomy.
    TaxonomyReference,
    Result,
    Location,
    Physical,
    ArtifactLocation,
    Artifact,
    Logical,
    Address,
    WebRequest,
    WebResponse,
    CodeFlow,
    ThreadFlow,
    ThreadFlowLocation,
    Stack,
    Frame,
    Graph,
    Node,
    Traversal,
    /// Objects with nothing of interest but an `artifactLocation`.
    Attachment,
    Fix,
    Suppression,
    Provenance,
    Invocation,
    RuleOverride,
    NotificationOverride,
    Notification,
    Exception,
    /// Holds a tool of its own: references to rules and components in it are not the run's.
    Conversion,
    VersionControl,
    SpecialLocations,
    /// `originalUriBaseIds`: any key, each an artifact location.
    UriBaseIds,
    UriBase,
    /// `externalPropertyFileReferences`: any key, each a reference.
    Externals,
    External,
}

/// The values of a record that are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// The index into the table of the record's kind.
    Index,
    Parent,
    Id,
    Guid,
    Name,
    Uri,
    Base,
}

pub(crate) const SLOTS: usize = 7;

/// What to do with the value under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Skip,
    /// An object, or an array of objects, of that kind.
    Into(Kind),
    Slot(Slot),
}

/// The table: what stands under `key` of an object of that kind.
#[allow(clippy::too_many_lines, reason = "one table, read as one")]
pub(crate) fn step(kind: Kind, key: &str) -> Step {
    use Kind as K;
    use Step::{Into, Skip};
    let slot = Step::Slot;
    match (kind, key) {
        (K::Run, "tool") => Into(K::Tool),
        (K::Run, "invocations") | (K::Conversion, "invocation") => Into(K::Invocation),
        (K::Run, "conversion") => Into(K::Conversion),
        (K::Run, "versionControlProvenance") => Into(K::VersionControl),
        (K::Run, "originalUriBaseIds") => Into(K::UriBaseIds),
        (K::Run, "artifacts") => Into(K::Artifact),
        (K::Run | K::Location, "logicalLocations") => Into(K::Logical),
        (K::Run | K::Result, "graphs") => Into(K::Graph),
        (K::Run, "results") => Into(K::Result),
        (K::Run, "threadFlowLocations") => Into(K::ThreadFlowLocation),
        (K::Run, "taxonomies" | "translations" | "policies") => Into(K::Component),
        (K::Run, "addresses") => Into(K::Address),
        (K::Run, "webRequests") => Into(K::WebRequest),
        (K::Run, "webResponses") => Into(K::WebResponse),
        (K::Run, "specialLocations") => Into(K::SpecialLocations),
        (K::Run, "externalPropertyFileReferences") => Into(K::Externals),

        (K::Conversion, "tool") => Into(K::Tool),
        (K::Conversion, "analysisToolLogFiles") => Into(K::ArtifactLocation),
        (K::Tool, "driver" | "extensions") => Into(K::Component),
        (K::Component, "rules" | "notifications" | "taxa") => Into(K::Descriptor),
        (K::Component, "locations") => Into(K::ArtifactLocation),
        (K::Component, "associatedComponent") => Into(K::ComponentReference),
        (K::Component, "supportedTaxonomies") => Into(K::TaxonomyReference),
        (K::Descriptor, "relationships") => Into(K::Relationship),
        (K::Relationship, "target") => Into(K::TargetReference),

        (
            K::RuleReference
            | K::ResultRule
            | K::NotificationReference
            | K::TaxonReference
            | K::TargetReference,
            _,
        ) => match key {
            "index" => slot(Slot::Index),
            "id" => slot(Slot::Id),
            "guid" => slot(Slot::Guid),
            "toolComponent" if matches!(kind, K::TaxonReference | K::TargetReference) => {
                Into(K::TaxonomyReference)
            }
            "toolComponent" => Into(K::ComponentReference),
            _ => Skip,
        },
        (K::ComponentReference | K::TaxonomyReference, _) => match key {
            "index" => slot(Slot::Index),
            "guid" => slot(Slot::Guid),
            "name" => slot(Slot::Name),
            _ => Skip,
        },

        (K::Result, "ruleId") => slot(Slot::Id),
        (K::Result, "ruleIndex") => slot(Slot::Index),
        (K::Result, "rule") => Into(K::ResultRule),
        (K::Result, "analysisTarget") => Into(K::ArtifactLocation),
        (K::Result, "locations" | "relatedLocations") => Into(K::Location),
        (K::Result, "stacks") => Into(K::Stack),
        (K::Result, "codeFlows") => Into(K::CodeFlow),
        (K::Result, "graphTraversals") => Into(K::Traversal),
        (K::Result, "suppressions") => Into(K::Suppression),
        (K::Result, "attachments") => Into(K::Attachment),
        (K::Result, "provenance") => Into(K::Provenance),
        (K::Result, "fixes") => Into(K::Fix),
        (K::Result | K::ThreadFlowLocation, "taxa") => Into(K::TaxonReference),
        (K::Result | K::ThreadFlowLocation, "webRequest") => Into(K::WebRequest),
        (K::Result | K::ThreadFlowLocation, "webResponse") => Into(K::WebResponse),

        (K::Location, "physicalLocation") => Into(K::Physical),
        (K::Physical, "address") => Into(K::Address),
        (K::Physical | K::Attachment, "artifactLocation") => Into(K::ArtifactLocation),
        (K::ArtifactLocation | K::UriBase, "uri") => slot(Slot::Uri),
        (K::ArtifactLocation | K::UriBase, "uriBaseId") => slot(Slot::Base),
        (K::Artifact | K::External, "location") => Into(K::ArtifactLocation),
        (K::Artifact | K::Logical | K::Address, "parentIndex") => slot(Slot::Parent),
        (
            K::ArtifactLocation
            | K::UriBase
            | K::Logical
            | K::Address
            | K::WebRequest
            | K::WebResponse
            | K::ThreadFlowLocation,
            "index",
        )
        | (K::Traversal, "runGraphIndex")
        | (K::Provenance, "invocationIndex") => slot(Slot::Index),
        (K::Provenance, "conversionSources") => Into(K::Physical),

        (K::CodeFlow, "threadFlows") => Into(K::ThreadFlow),
        (K::ThreadFlow, "locations") => Into(K::ThreadFlowLocation),
        (K::ThreadFlowLocation | K::Exception, "stack") => Into(K::Stack),
        (K::Stack, "frames") => Into(K::Frame),
        (K::Graph, "nodes") | (K::Node, "children") => Into(K::Node),
        (K::ThreadFlowLocation | K::Frame | K::Node | K::Suppression, "location") => {
            Into(K::Location)
        }
        (K::Fix, "artifactChanges") => Into(K::Attachment),

        (
            K::Invocation,
            "responseFiles" | "executableLocation" | "workingDirectory" | "stdin" | "stdout"
            | "stderr" | "stdoutStderr",
        ) => Into(K::ArtifactLocation),
        (K::Invocation, "ruleConfigurationOverrides") => Into(K::RuleOverride),
        (K::Invocation, "notificationConfigurationOverrides") => Into(K::NotificationOverride),
        (K::Invocation, "toolExecutionNotifications" | "toolConfigurationNotifications") => {
            Into(K::Notification)
        }
        (K::RuleOverride, "descriptor") | (K::Notification, "associatedRule") => {
            Into(K::RuleReference)
        }
        (K::NotificationOverride | K::Notification, "descriptor") => Into(K::NotificationReference),
        (K::Notification, "locations") => Into(K::Location),
        (K::Notification, "exception") | (K::Exception, "innerExceptions") => Into(K::Exception),

        (K::VersionControl, "mappedTo") | (K::SpecialLocations, "displayBase") => {
            Into(K::ArtifactLocation)
        }
        (K::UriBaseIds, _) => Into(K::UriBase),
        (K::Externals, _) => Into(K::External),
        _ => Skip,
    }
}
