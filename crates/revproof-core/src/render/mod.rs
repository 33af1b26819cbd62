//! `Report` → text. One file per format.
