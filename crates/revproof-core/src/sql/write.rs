//! stub
use crate::op::OpKind;
use crate::schema::{Dialect, SqlType};
/// s
pub fn write(_op: &OpKind, _dialect: Dialect) -> Vec<String> {
    Vec::new()
}
/// s
pub fn write_type(_ty: &SqlType, _dialect: Dialect) -> String {
    String::new()
}
