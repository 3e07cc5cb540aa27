//! The eight engines without the classroom, to be copied into a crate of your own: see `README.md`.
