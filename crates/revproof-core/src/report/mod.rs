//! [`Report`]: what an analysis found, as plain serialisable data. The one contract of CLI, browser and package.
