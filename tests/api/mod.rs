//! `helpbook api`: the real program against servers that note what reaches them.

mod actions;
mod guards;
mod jq;
mod paging;
mod recorder;
