//! A shell line as commands: words, what is piped into what, what is substituted. Not a shell: enough of one to tell
//! which program reads what another wrote.

/// One command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Stage {
    /// Without quotes; a substitution is [`NESTED`].
    pub(super) words: Vec<String>,
    /// Its input is the output of the stage before it.
    pub(super) piped: bool,
    /// The lines inside `$(...)`, backquotes and `<(...)`.
    pub(super) nested: Vec<String>,
}

/// Stands for a substitution in a word.
pub(super) const NESTED: char = '\u{1A}';

/// The commands of a line.
pub(super) fn stages(line: &str) -> Vec<Stage> {
    let mut reader = Reader {
        rest: line,
        all: Vec::new(),
        stage: Stage::default(),
        word: None,
    };
    while let Some(c) = reader.next() {
        reader.take(c);
    }
    reader.end_stage(false);
    reader.all
}

struct Reader<'l> {
    rest: &'l str,
    all: Vec<Stage>,
    stage: Stage,
    word: Option<String>,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn take(&mut self, c: char) {
        match c {
            ' ' | '\t' | '\r' => self.end_word(),
            '\n' | ';' => self.end_stage(false),
            '|' => {
                let pipe = !self.rest.starts_with('|');
                // `|&` pipes errors, too.
                self.rest = self.rest.strip_prefix(['|', '&']).unwrap_or(self.rest);
                self.end_stage(pipe);
            }
            '&' if self.rest.starts_with('>') || self.ends_with_redirect() => self.push(c),
            '&' => {
                self.rest = self.rest.strip_prefix('&').unwrap_or(self.rest);
                self.end_stage(false);
            }
            '#' if self.word.is_none() => {
                let end = self.rest.find('\n').unwrap_or(self.rest.len());
                self.rest = &self.rest[end..];
            }
            '\'' => self.quoted(),
            '"' => self.double_quoted(),
            '\\' => {
                if let Some(c) = self.next().filter(|&c| c != '\n') {
                    self.push(c);
                }
            }
            '`' => self.nested_until('`'),
            '$' | '<' if self.rest.starts_with('(') => {
                self.next();
                self.nested();
            }
            '(' | ')' | '{' | '}' if self.word.is_none() => self.end_stage(false),
            ')' => self.end_stage(false),
            c => self.push(c),
        }
    }

    fn quoted(&mut self) {
        let end = self.rest.find('\'').unwrap_or(self.rest.len());
        let text = &self.rest[..end];
        self.word.get_or_insert_default().push_str(text);
        self.rest = self.rest.get(end + 1..).unwrap_or_default();
    }

    fn double_quoted(&mut self) {
        self.word.get_or_insert_default();
        while let Some(c) = self.next() {
            match c {
                '"' => return,
                '\\' => {
                    if let Some(c) = self.next() {
                        self.push(c);
                    }
                }
                '`' => self.nested_until('`'),
                '$' if self.rest.starts_with('(') => {
                    self.next();
                    self.nested();
                }
                c => self.push(c),
            }
        }
    }

    /// Up to the parenthesis that closes, quotes apart.
    fn nested(&mut self) {
        let mut depth = 1;
        let mut quote = None;
        let end = self.rest.char_indices().find(|&(_, c)| {
            match (quote, c) {
                (None, '\'' | '"') => quote = Some(c),
                (Some(open), c) if open == c => quote = None,
                (None, '(') => depth += 1,
                (None, ')') => depth -= 1,
                _ => {}
            }
            depth == 0
        });
        self.cut(end.map_or(self.rest.len(), |(at, _)| at));
    }

    fn nested_until(&mut self, mark: char) {
        self.cut(self.rest.find(mark).unwrap_or(self.rest.len()));
    }

    fn cut(&mut self, end: usize) {
        self.stage.nested.push(self.rest[..end].to_owned());
        self.rest = self.rest.get(end + 1..).unwrap_or_default();
        self.push(NESTED);
    }

    fn ends_with_redirect(&self) -> bool {
        let word = self.word.as_deref().unwrap_or_default();
        word.ends_with(['>', '<'])
    }

    fn push(&mut self, c: char) {
        self.word.get_or_insert_default().push(c);
    }

    fn end_word(&mut self) {
        self.stage.words.extend(self.word.take());
    }

    fn end_stage(&mut self, pipe: bool) {
        self.end_word();
        let stage = std::mem::take(&mut self.stage);
        if !stage.words.is_empty() {
            self.all.push(stage);
        }
        self.stage.piped = pipe && !self.all.is_empty();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<(bool, String)> {
        let all = stages(line);
        all.iter()
            .map(|stage| (stage.piped, stage.words.join(" ")))
            .collect()
    }

    #[test]
    fn pipes_lists_and_redirections_are_told_apart() {
        assert_eq!(
            words("a -x 2>&1 | b && c & d; e || f |& g > h"),
            [
                (false, "a -x 2>&1".into()),
                (true, "b".into()),
                (false, "c".into()),
                (false, "d".into()),
                (false, "e".into()),
                (false, "f".into()),
                (true, "g > h".into()),
            ]
        );
    }

    #[test]
    fn quotes_hold_and_substitutions_are_kept() {
        let all = stages(r#"bash -c "$(get 'a)b' | c)" 'x | y' # z | w"#);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].words, ["bash", "-c", "\u{1A}", "x | y"]);
        assert_eq!(all[0].nested, ["get 'a)b' | c"]);
    }
}
