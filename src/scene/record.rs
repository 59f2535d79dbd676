//! The macros that define the scene format: one definition gives the Rust type, its
//! defaults, its decoding with gathered errors, and the tables in `docs/scene-format.md`.
//!
//! A field is written `name: Type [unit "m", range 0.0..=10.0] = default,`. The default is
//! `required` or one token tree: a literal or `(an expression)`. In the brackets, all
//! optional: `unit` and `range` of numbers, `limit` (columns) of texts, `file` (what kind)
//! of paths, `parts` for lists whose items may be files of their own, `shown` for how the
//! default stands in the documentation.

/// The Rust value of a field's default.
macro_rules! field_default {
    (required, $ty:ty) => {
        <$ty as Default>::default()
    };
    (($default:expr), $ty:ty) => {
        $default
    };
    ($default:tt, $ty:ty) => {
        $default
    };
}

/// Whether a field must be written.
macro_rules! field_is_required {
    (required) => {
        true
    };
    ($default:tt) => {
        false
    };
}

/// What stands in a field's brackets, as a [`Spec`](super::decode::Spec).
macro_rules! field_spec {
    (@ $spec:expr; ) => { $spec };
    (@ $spec:expr; unit $unit:literal $(, $($rest:tt)*)?) => {
        field_spec!(@ $spec.unit($unit); $($($rest)*)?)
    };
    (@ $spec:expr; range $least:literal..=$most:literal $(, $($rest:tt)*)?) => {
        field_spec!(@ $spec.range($least, $most); $($($rest)*)?)
    };
    (@ $spec:expr; limit $columns:literal $(, $($rest:tt)*)?) => {
        field_spec!(@ $spec.limit($columns); $($($rest)*)?)
    };
    (@ $spec:expr; file $kind:ident $(, $($rest:tt)*)?) => {
        field_spec!(@ $spec.file(crate::scene::decode::FileKind::$kind); $($($rest)*)?)
    };
    (@ $spec:expr; shown $shown:literal $(, $($rest:tt)*)?) => {
        field_spec!(@ $spec.shown($shown); $($($rest)*)?)
    };
    (@ $spec:expr; parts $(, $($rest:tt)*)?) => {
        field_spec!(@ $spec.parts(); $($($rest)*)?)
    };
    ($name:expr; $($rest:tt)*) => {
        field_spec!(@ crate::scene::decode::Spec::of($name); $($rest)*)
    };
}

/// A field's row of the schema.
macro_rules! field_schema {
    ([$($doc:literal)*] $field:ident : $ty:ty [$($spec:tt)*] = $default:tt) => {
        crate::scene::decode::FieldSchema {
            name: stringify!($field),
            type_name: <$ty as crate::scene::decode::Decode>::type_name,
            parts: <$ty as crate::scene::decode::Decode>::parts,
            spec: field_spec!(stringify!($field); $($spec)*),
            is_required: field_is_required!($default),
            default: stringify!($default),
            doc: &[$($doc),*],
        }
    };
}

/// Decodes a field of an opened record.
macro_rules! field_decode {
    ($opened:ident, $decoder:ident, $field:ident : $ty:ty [$($spec:tt)*] = $default:tt) => {
        $opened.field(
            $decoder,
            const { &field_spec!(stringify!($field); $($spec)*) },
            field_is_required!($default),
            || field_default!($default, $ty),
        )
    };
}

/// Defines a record: a struct that an author writes as `(field: value, ...)`.
macro_rules! record {
    (
        $(#[doc = $doc:literal])*
        $vis:vis struct $name:ident {
            $(
                $(#[doc = $field_doc:literal])*
                $field:ident : $ty:ty $([ $($spec:tt)* ])? = $default:tt,
            )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq)]
        $vis struct $name {
            $( $(#[doc = $field_doc])* pub $field: $ty, )*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $( $field: field_default!($default, $ty), )* }
            }
        }

        impl $name {
            pub(crate) const SCHEMA: crate::scene::decode::RecordSchema =
                crate::scene::decode::RecordSchema {
                    name: stringify!($name),
                    doc: &[$($doc),*],
                    fields: &[$(
                        field_schema!([$($field_doc)*] $field: $ty [$($($spec)*)?] = $default),
                    )*],
                };
        }

        impl crate::scene::decode::Decode for $name {
            fn type_name() -> String {
                stringify!($name).to_owned()
            }

            fn parts() -> &'static [crate::scene::decode::FieldSchema] {
                Self::SCHEMA.fields
            }

            fn decode(
                node: &crate::scene::syntax::Node<'_>,
                _spec: &crate::scene::decode::Spec,
                decoder: &mut crate::scene::decode::Decoder<'_>,
            ) -> Option<Self> {
                let mut opened = decoder.open_record(node, &Self::SCHEMA)?;
                Some(Self {
                    $( $field: field_decode!(opened, decoder, $field: $ty [$($($spec)*)?] = $default), )*
                })
            }
        }
    };
}

/// The schema of a variant's body.
macro_rules! variant_schema {
    () => {
        crate::scene::decode::VariantShape::Bare
    };
    (( $( $ty:ty [$($spec:tt)*] ),+ )) => {
        crate::scene::decode::VariantShape::Values(&[$(
            (<$ty as crate::scene::decode::Decode>::type_name, field_spec!(""; $($spec)*)),
        )+])
    };
    ({ $( [$($doc:literal)*] $field:ident : $ty:ty [$($spec:tt)*] = $default:tt, )* }) => {
        crate::scene::decode::VariantShape::Fields(&[$(
            field_schema!([$($doc)*] $field: $ty [$($spec)*] = $default),
        )*])
    };
}

/// Decodes a variant's body.
macro_rules! variant_decode {
    ($opened:ident, $decoder:ident, $variant:ident) => {{
        $opened.bare($decoder)?;
        Some(Self::$variant)
    }};
    ($opened:ident, $decoder:ident, $variant:ident ( $( $ty:ty [$($spec:tt)*] ),+ )) => {{
        let types = [$( <$ty as crate::scene::decode::Decode>::type_name as fn() -> String ),+];
        let mut values = $opened.values($decoder, &types)?;
        Some(Self::$variant($(
            values.value::<$ty>($decoder, const { &field_spec!(""; $($spec)*) })?
        ),+))
    }};
    ($opened:ident, $decoder:ident, $variant:ident {
        $( $field:ident : $ty:ty [$($spec:tt)*] = $default:tt, )*
    }) => {{
        let mut opened = $opened.fields($decoder)?;
        Some(Self::$variant {
            $( $field: field_decode!(opened, $decoder, $field: $ty [$($spec)*] = $default), )*
        })
    }};
}

/// Defines a choice: an enum that an author writes as `Name`, `Name(value)` or
/// `Name(field: value, ...)`. The value after `=` is its default.
macro_rules! choice {
    (
        $(#[doc = $doc:literal])*
        $vis:vis enum $name:ident = ($default:expr) {
            $(
                $(#[doc = $variant_doc:literal])*
                $variant:ident
                $( ( $( $tuple_ty:ty $([ $($tuple_spec:tt)* ])? ),+ ) )?
                $( {
                    $(
                        $(#[doc = $field_doc:literal])*
                        $field:ident : $ty:ty $([ $($spec:tt)* ])? = $field_default:tt,
                    )*
                } )?
                ,
            )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq)]
        $vis enum $name {
            $(
                $(#[doc = $variant_doc])*
                $variant
                $( ( $( $tuple_ty ),+ ) )?
                $( { $( $(#[doc = $field_doc])* $field: $ty, )* } )?
                ,
            )*
        }

        impl Default for $name {
            fn default() -> Self { $default }
        }

        impl $name {
            pub(crate) const SCHEMA: crate::scene::decode::ChoiceSchema =
                crate::scene::decode::ChoiceSchema {
                    name: stringify!($name),
                    doc: &[$($doc),*],
                    variants: &[$(
                        crate::scene::decode::VariantSchema {
                            name: stringify!($variant),
                            doc: &[$($variant_doc),*],
                            shape: variant_schema!(
                                $( ( $( $tuple_ty [$($($tuple_spec)*)?] ),+ ) )?
                                $( { $(
                                    [$($field_doc)*] $field: $ty [$($($spec)*)?] = $field_default,
                                )* } )?
                            ),
                        },
                    )*],
                };
        }

        impl crate::scene::decode::Decode for $name {
            fn type_name() -> String {
                stringify!($name).to_owned()
            }

            fn decode(
                node: &crate::scene::syntax::Node<'_>,
                _spec: &crate::scene::decode::Spec,
                decoder: &mut crate::scene::decode::Decoder<'_>,
            ) -> Option<Self> {
                let opened = decoder.open_choice(node, &Self::SCHEMA)?;
                match opened.variant() {
                    $(
                        stringify!($variant) => variant_decode!(
                            opened, decoder, $variant
                            $( ( $( $tuple_ty [$($($tuple_spec)*)?] ),+ ) )?
                            $( { $( $field: $ty [$($($spec)*)?] = $field_default, )* } )?
                        ),
                    )*
                    _ => None,
                }
            }
        }
    };
}
