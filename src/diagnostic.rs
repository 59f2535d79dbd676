//! What is wrong in a file, where, and how to mend it.
