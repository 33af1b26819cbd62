//! The façade: one call from a folder of scripts to a report.
