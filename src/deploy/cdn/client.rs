//! A CDN, asked no faster than it allows.

use super::service::{Call, Cdn, CdnError, Credentials};
use crate::http::{Client, Pace, Patience};

/// A CDN, ready to be asked.
pub(crate) struct CdnClient<'a> {
    cdn: &'a dyn Cdn,
    /// Address of the site, without a slash at its end.
    site: &'a str,
    client: Client,
    credentials: Credentials,
    rates: Vec<Pace>,
}

impl<'a> CdnClient<'a> {
    /// Sets the client up, with the credentials of the environment.
    ///
    /// # Errors
    /// When the environment has no credentials.
    pub(crate) fn new(
        cdn: &'a dyn Cdn,
        patience: Patience,
        site: &'a str,
    ) -> Result<Self, CdnError> {
        let credentials = cdn.credentials()?;
        Ok(Self {
            cdn,
            site,
            client: Client::for_own_services(patience, credentials.secrets.clone())?,
            credentials,
            rates: cdn.rates(),
        })
    }

    /// Makes the CDN forget some addresses, relative to the site's; no more than [`Cdn::batch`] of them.
    ///
    /// # Errors
    /// When it cannot be reached, or did not accept them.
    pub(crate) async fn forget(&mut self, addresses: &[String]) -> Result<(), CdnError> {
        let urls: Vec<_> = addresses
            .iter()
            .map(|address| format!("{}/{address}", self.site))
            .collect();
        let call = self.cdn.forget(self.site, &urls, &self.credentials)?;
        self.send(call).await
    }

    /// Makes the CDN forget all it has of the site, where it has a call for that.
    ///
    /// # Errors
    /// When it cannot be reached, or did not accept it.
    pub(crate) async fn forget_everything(&mut self) -> Result<(), CdnError> {
        match self.cdn.forget_everything(self.site)? {
            Some(call) => self.send(call).await,
            None => Ok(()),
        }
    }

    async fn send(&mut self, call: Call) -> Result<(), CdnError> {
        let mut request = call.request;
        request.headers.extend(self.credentials.headers.clone());
        let rate = &mut self.rates[call.rate];
        rate.take(call.cost).await;
        let answer = self.client.text(&request).await;
        rate.answered();
        match self.cdn.complaint(&answer?) {
            None => Ok(()),
            Some(complaint) => Err(CdnError::Refused {
                service: self.client.name(&request.url),
                reason: self.client.quote(&complaint),
            }),
        }
    }
}
