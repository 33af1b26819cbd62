//! The report itself, as one JSON object.

use crate::report::Report;

pub(super) fn render(report: &Report) -> String {
    // Writing plain data to memory fails only for maps whose keys are no strings; a report has none.
    let mut json = serde_json::to_string_pretty(report).unwrap_or_else(|e| format!("{{\"error\": \"{e}\"}}"));
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
