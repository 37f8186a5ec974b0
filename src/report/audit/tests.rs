//! An audit with a hostile title, in every form.
