//! The report itself, as one JSON object.

use serde::Serialize;

use crate::report::Report;

pub(super) fn render(report: &Report) -> String {
    pretty(report)
}

/// Data as one object, over several lines.
pub(super) fn pretty(data: &impl Serialize) -> String {
    // Writing plain data to memory fails only for maps whose keys are no strings; ours have none.
    let mut json = serde_json::to_string_pretty(data).unwrap_or_else(|e| format!("{{\"error\": \"{e}\"}}"));
    json.push('\n');
    json
}

#[cfg(test)]
mod tests {
    use super::super::sample::report;
    use super::render;

    #[test]
    fn the_report_is_one_object_of_plain_data() {
        insta::assert_snapshot!(render(&report()));
    }
}
