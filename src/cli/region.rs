//! In which region of Intercom a token is at home: the others refuse it as they refuse a wrong one.

use crate::config::Region;
use crate::intercom::model::Me;
use crate::intercom::{Connection, Error};

/// A region's name in `helpbook.yml`.
pub(super) fn name(region: Region) -> &'static str {
    match region {
        Region::Us => "us",
        Region::Eu => "eu",
        Region::Au => "au",
    }
}

/// A connection that took the token.
pub(super) struct Home {
    pub region: Region,
    pub connection: Connection,
    pub me: Me,
}

/// Asks one region after another, `first` before the others, until one knows the token. Where the
/// environment names the host, only that one is asked.
///
/// # Errors
/// Gives back what the first one said where none takes it.
pub(super) async fn of_token(first: Region, connection: Connection) -> Result<Home, Error> {
    let refused = match connection.reader().me().await {
        Ok(me) => return Ok(Home { region: said(&me).unwrap_or(first), connection, me }),
        Err(error) => error,
    };
    if refused.is_auth() && !Connection::has_host_of_its_own() {
        for region in [Region::Us, Region::Eu, Region::Au].into_iter().filter(|region| *region != first) {
            let Ok(connection) = Connection::from_env(region) else { continue };
            if let Ok(me) = connection.reader().me().await {
                return Ok(Home { region, connection, me });
            }
        }
    }
    Err(refused)
}

/// The region that Intercom names.
pub(super) fn said(me: &Me) -> Option<Region> {
    match me.app.region.as_deref()?.to_ascii_lowercase().as_str() {
        "us" => Some(Region::Us),
        "eu" => Some(Region::Eu),
        "au" => Some(Region::Au),
        _ => None,
    }
}
