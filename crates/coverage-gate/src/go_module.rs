//! Go reports name files by module path, which `go.mod` says.

/// One `go.mod`: the module's path and the folder it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoModule {
    pub path: String,
    pub folder: String,
}

pub(crate) fn go_module(path: &str, bytes: &[u8]) -> Option<GoModule> {
    let text = std::str::from_utf8(bytes).ok()?;
    let line = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("module "))?;
    let module = line.split("//").next()?.trim().trim_matches(['"', '`']);
    let folder = path.strip_suffix("go.mod")?.trim_end_matches('/');
    (!module.is_empty()).then(|| GoModule {
        path: module.to_owned(),
        folder: folder.to_owned(),
    })
}
