//! The claims of the texts, and how each is tried.

use super::claim::Claim;

mod article;
mod others;

/// All claims, in the order of the texts.
pub fn claims() -> impl Iterator<Item = &'static Claim> {
    article::CLAIMS.iter().chain(others::CLAIMS)
}
