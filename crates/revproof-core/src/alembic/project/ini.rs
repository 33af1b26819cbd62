//! [`Ini`]: files in the form that Python's `configparser` reads, as far as Alembic's are.

/// A parsed ini file.
#[derive(Debug, Default, Clone)]
pub(super) struct Ini {
    sections: Vec<(String, Vec<(String, String)>)>,
}

impl Ini {
    /// Reads a text. What is no section and no option is passed over.
    pub(super) fn parse(text: &str) -> Self {
        let mut ini = Self::default();
        for line in text.lines() {
            let trimmed = line.trim();
            if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
                continue;
            }
            if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                ini.sections.push((name.trim().to_owned(), Vec::new()));
                continue;
            }
            let Some((_, options)) = ini.sections.last_mut() else { continue };
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = options.last_mut() {
                    value.push('\n');
                    value.push_str(trimmed);
                }
                continue;
            }
            if let Some((key, value)) = trimmed.split_once(['=', ':']) {
                options.push((key.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        ini
    }

    /// Whether there is a section of that name. `DEFAULT` is none: its options are those of all others.
    pub(super) fn has_section(&self, name: &str) -> bool {
        self.names().any(|known| known == name)
    }

    /// The names of the sections, in order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.sections.iter().map(|(name, _)| name.as_str()).filter(|name| *name != "DEFAULT")
    }

    /// The value of an option, with `%(name)s` filled in; `here` is the folder of the file.
    pub(super) fn get(&self, section: &str, key: &str, here: &str) -> Option<String> {
        let raw = self.raw(section, key)?;
        Some(self.interpolate(section, raw, here, 0))
    }

    /// All sections with their options, filled in; the options of `DEFAULT` are options of every other section.
    pub(super) fn sections<'a>(&'a self, here: &str) -> Vec<(&'a str, Vec<(&'a str, String)>)> {
        let defaults = || self.sections.iter().filter(|(name, _)| name == "DEFAULT").flat_map(|(_, options)| options);
        let mut sections = Vec::new();
        for (name, own) in self.sections.iter().filter(|(name, _)| name != "DEFAULT") {
            let mut options: Vec<(&str, String)> = Vec::with_capacity(own.len());
            for (key, _) in own.iter().chain(defaults()) {
                if !options.iter().any(|(known, _)| known == key) {
                    options.push((key, self.get(name, key, here).unwrap_or_default()));
                }
            }
            sections.push((name.as_str(), options));
        }
        sections
    }

    fn raw(&self, section: &str, key: &str) -> Option<&str> {
        let find = |section: &str| {
            let (_, options) = self.sections.iter().find(|(known, _)| known == section)?;
            options.iter().rev().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
        };
        find(section).or_else(|| find("DEFAULT"))
    }

    fn interpolate(&self, section: &str, raw: &str, here: &str, depth: u8) -> String {
        let mut text = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(at) = rest.find('%') {
            let (before, after) = rest.split_at(at);
            text.push_str(before);
            let after = after.get(1..).unwrap_or_default();
            if let Some(after) = after.strip_prefix('%') {
                text.push('%');
                rest = after;
            } else if let Some((name, after)) = after.strip_prefix('(').and_then(|t| t.split_once(")s")) {
                if name == "here" {
                    text.push_str(if here.is_empty() { "." } else { here });
                } else if depth < 8
                    && let Some(value) = self.raw(section, &name.to_ascii_lowercase())
                {
                    text.push_str(&self.interpolate(section, value, here, depth + 1));
                }
                rest = after;
            } else {
                text.push('%');
                rest = after;
            }
        }
        text.push_str(rest);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::Ini;

    #[test]
    fn options_are_interpolated_and_continued() {
        let ini = Ini::parse(
            "[DEFAULT]\nbase = db\n# a comment\n[alembic]\nscript_location = %(here)s/%(base)s\nversion_locations =\n  a\n  b\npercent: 100%%\n",
        );
        assert_eq!(ini.get("alembic", "script_location", "app").as_deref(), Some("app/db"));
        assert_eq!(ini.get("alembic", "version_locations", "app").as_deref(), Some("\na\nb"));
        assert_eq!(ini.get("alembic", "percent", "").as_deref(), Some("100%"));
        assert_eq!(ini.get("alembic", "missing", ""), None);
    }
}
