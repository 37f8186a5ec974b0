//! What Fin may use a text for, and for whom: settings that no draft holds (docs/intercom.md 1.2 and 1.4).

use helpbook_model::AudienceId;
use serde::{Deserialize, Serialize};

/// The settings of a text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Settings {
    pub availability: Availability,
    /// None: Fin may use it for everybody.
    pub audiences: Vec<AudienceId>,
}

/// Which parts of Fin may use a text.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Availability {
    pub chatbot: bool,
    pub copilot: bool,
    pub sales_agent: bool,
}

impl Default for Availability {
    fn default() -> Self {
        Self { chatbot: true, copilot: true, sales_agent: true }
    }
}

/// What a request changes of the settings. What is `None` keeps its value.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct SettingsEdit {
    pub chatbot: Option<bool>,
    pub copilot: Option<bool>,
    pub sales_agent: Option<bool>,
    pub audiences: Option<Vec<AudienceId>>,
}

impl SettingsEdit {
    /// The settings after this.
    pub(super) fn apply(self, to: &Settings) -> Settings {
        let Self { chatbot, copilot, sales_agent, audiences } = self;
        let Availability { chatbot: old_chatbot, copilot: old_copilot, sales_agent: old_sales_agent } = to.availability;
        Settings {
            availability: Availability {
                chatbot: chatbot.unwrap_or(old_chatbot),
                copilot: copilot.unwrap_or(old_copilot),
                sales_agent: sales_agent.unwrap_or(old_sales_agent),
            },
            audiences: audiences.unwrap_or_else(|| to.audiences.clone()),
        }
    }
}
