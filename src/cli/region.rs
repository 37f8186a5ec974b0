//! In which region of Intercom a token is at home, and whether requests go there.

use crate::config::Region;
use crate::intercom::model::Me;
use crate::intercom::{Connection, Error};
use crate::report::Message;

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
    Region::said(me.app.region.as_deref()?)
}

/// What is wrong where requests go to another region than the workspace's: Intercom answers what reads there, and
/// what writes with a 404 (docs/intercom.md 4).
pub(super) fn elsewhere(me: &Me, connection: &Connection, configured: Region) -> Option<Message> {
    let home = said(me)?;
    let asked = connection.region().unwrap_or(configured);
    if home == asked {
        return None;
    }
    let (home, asked) = (home.name(), asked.name());
    let hint = if Connection::has_host_of_its_own() && connection.region().is_some() {
        format!("unset INTERCOM_BASE_URL, and write `region: {home}` into helpbook.yml")
    } else {
        format!("write `region: {home}` into helpbook.yml")
    };
    let message =
        format!("the workspace is in the region `{home}`, and requests go to `{asked}`, where nothing can be written");
    Some(Message::new(message).hint(hint))
}
