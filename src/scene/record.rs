//! The macros that define the scene format: one definition gives the Rust type, its
//! defaults, its decoding with gathered errors, and the tables in `docs/scene-format.md`.
//!
//! A field is written `name: Type [unit "m", range 0.0..=10.0] = default,`; the brackets are
//! optional and the default is `required` or one token tree: a literal or `(an expression)`.

/// The Rust value of a field's default.
macro_rules! field_default {
    (required, $ty:ty) => {
        <$ty>::default()
    };
    ($default:tt, $ty:ty) => {
        $default
    };
}

/// Defines a record: a struct that an author writes as `(field: value, ...)`.
macro_rules! record {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $(
                $(#[$field_meta:meta])*
                $field:ident : $ty:ty $([ $($spec:tt)* ])? = $default:tt,
            )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $( $(#[$field_meta])* pub $field: $ty, )*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $( $field: field_default!($default, $ty), )* }
            }
        }
    };
}

/// Defines a choice: an enum that an author writes as `Name`, `Name(value)` or
/// `Name(field: value, ...)`. The value after `=` is its default.
macro_rules! choice {
    (
        $(#[$meta:meta])*
        pub enum $name:ident = ($default:expr) {
            $(
                $(#[$variant_meta:meta])*
                $variant:ident
                $( ( $( $tuple_ty:ty $([ $($tuple_spec:tt)* ])? ),+ ) )?
                $( {
                    $(
                        $(#[$field_meta:meta])*
                        $field:ident : $ty:ty $([ $($spec:tt)* ])? = $field_default:tt,
                    )*
                } )?
                ,
            )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub enum $name {
            $(
                $(#[$variant_meta])*
                $variant
                $( ( $( $tuple_ty ),+ ) )?
                $( { $( $(#[$field_meta])* $field: $ty, )* } )?
                ,
            )*
        }

        impl Default for $name {
            fn default() -> Self { $default }
        }
    };
}
