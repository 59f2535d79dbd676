//! RON as a tree with positions.
//!
//! The `ron` crate stops at the first error and its values carry no positions. This reader
//! accepts what `ron` accepts (a test compares them; ranges such as `1..2` aside, which no
//! scene uses), keeps the byte range of every value and goes on after an error at the next
//! `,` or closing bracket, so that one run tells an author everything. It knows the slips
//! that authors make: curly quotes, full-width punctuation, JSON habits, forgotten commas.
//!
//! Limits: [`DEEPEST`] levels, [`MOST_NODES`] values.

mod balance;
mod fields;
mod habits;
mod lex;
mod number;
mod odd_number;
mod parse;
mod recover;
mod text;

#[cfg(test)]
pub(crate) mod compare;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::diagnostic::{Report, Span};

/// Deepest nesting of brackets.
pub(crate) const DEEPEST: usize = 64;

/// Most values in all files of an exhibit together. A value can become half a kilobyte.
pub(crate) const MOST_NODES: usize = 2_000_000;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node<'a> {
    pub(crate) kind: Kind<'a>,
    pub(crate) span: Span,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind<'a> {
    /// Something that could not be read; the report says why.
    Broken,
    Flag(bool),
    Number(Number),
    Letter(char),
    Text(Cow<'a, str>),
    Bytes(Vec<u8>),
    /// `[...]`
    List(Vec<Node<'a>>),
    /// `{...}`
    Map(Vec<(Node<'a>, Node<'a>)>),
    /// `Name`, `(...)` or `Name(...)`
    Record(Box<Record<'a>>),
}

/// A number: its value, and exactly if it is whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Number {
    pub(crate) value: f64,
    pub(crate) whole: Option<i128>,
}

/// `Name`, `(...)` or `Name(...)`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Record<'a> {
    pub(crate) name: Option<Name<'a>>,
    pub(crate) body: Body<'a>,
    /// Part of it was lost to a syntax error: what is missing may have been there.
    pub(crate) is_broken: bool,
}

/// What stands between the parentheses.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Body<'a> {
    /// There are none.
    Bare,
    Values(Vec<Node<'a>>),
    Fields(Vec<Field<'a>>),
}

/// A word and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Name<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) span: Span,
}

/// `name: value`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field<'a> {
    pub(crate) name: Name<'a>,
    pub(crate) value: Node<'a>,
}

/// Reads a file. Problems go to the report, at `file`; what is unreadable is
/// [`Kind::Broken`] in the tree. `nodes` counts the values of all files so far.
pub(crate) fn read<'a>(
    text: &'a str,
    file: u32,
    report: &mut Report,
    nodes: &mut usize,
) -> Node<'a> {
    parse::Parser::new(text, file, report, nodes).document()
}
