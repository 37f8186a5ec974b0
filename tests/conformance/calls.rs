//! A call of every operation that `serve` answers, and of each of its refusals.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::harness::Server;

/// A client that sends what it is told.
pub struct Caller {
    runtime: tokio::runtime::Runtime,
    client: reqwest::Client,
    url: String,
    token: String,
    /// Ids by the names that they were kept under; `$name` in a call is one of them.
    kept: BTreeMap<&'static str, String>,
    last: Value,
}

impl Caller {
    /// One that knows the token of a server, and goes to `url`.
    pub fn new(server: &Server, url: &str) -> Self {
        let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
        let (url, token) = (url.to_owned(), server.token().to_owned());
        let runtime = tokio::runtime::Runtime::new().unwrap();
        Self { runtime, client, url, token, kept: BTreeMap::new(), last: Value::Null }
    }

    /// Sends a request, `METHOD path`, with a body where it is not empty.
    pub fn call(&mut self, request: &str, body: &str) -> &mut Self {
        let token = self.token.clone();
        self.send(request, body, &[("Authorization", &format!("Bearer {token}"))])
    }

    fn send(&mut self, request: &str, body: &str, headers: &[(&str, &str)]) -> &mut Self {
        let filled = |text: &str| {
            self.kept.iter().rev().fold(text.to_owned(), |text, (name, id)| text.replace(&format!("${name}"), id))
        };
        let (request, body) = (filled(request), filled(body));
        let (method, path) = request.split_once(' ').unwrap();
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut sent = self.client.request(method, format!("{}{path}", self.url));
        if headers.iter().all(|(name, _)| *name != "Intercom-Version") {
            sent = sent.header("Intercom-Version", "2.16");
        }
        for (name, value) in headers {
            sent = sent.header(*name, *value);
        }
        if !body.is_empty() {
            sent = sent.header("Content-Type", "application/json").body(body);
        }
        self.last = self.runtime.block_on(async {
            let answer = sent.send().await.unwrap();
            serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default()
        });
        self
    }

    /// Keeps the id of the last answer, or of its first record.
    fn keep(&mut self, name: &'static str) -> &mut Self {
        let id = self.last["id"].as_str().or_else(|| self.last["data"][0]["id"].as_str());
        self.kept.insert(name, id.unwrap_or_else(|| panic!("{name}: {}", self.last)).to_owned());
        self
    }

    /// Everything.
    pub fn every_operation(&mut self, is_multilingual: bool) {
        self.around();
        self.collections(is_multilingual);
        self.articles(is_multilingual);
        self.drafts(is_multilingual);
        self.versions_and_search(is_multilingual);
        self.tags();
        self.redirects();
        self.audiences();
        self.call("DELETE /articles/$article", "").call("DELETE /articles/99", "");
    }

    fn around(&mut self) {
        for path in ["/me", "/admins", "/admins?display_avatar=true", "/admins/1", "/admins/99"] {
            self.call(&format!("GET {path}"), "");
        }
        for path in ["/me", "/admins", "/articles", "/articles/search?phrase=a", "/tags", "/help_center/collections"] {
            self.send(&format!("GET {path}"), "", &[("Authorization", "Bearer wrong")]);
        }
        let bearer = format!("Bearer {}", self.token);
        self.send("GET /me", "", &[("Authorization", &bearer), ("Accept", "text/html")]);
        self.send("GET /me", "", &[("Authorization", &bearer), ("Intercom-Version", "2.99")]);
        for path in ["", "?page=2&per_page=5", "?per_page=251", "/1", "/9"] {
            self.call(&format!("GET /help_center/help_centers{path}"), "");
        }
    }

    fn collections(&mut self, is_multilingual: bool) {
        const ALL: &str = "/help_center/collections";
        let post = format!("POST {ALL}");
        self.call(&post, r#"{"name":"Top","description":"d","help_center_id":1}"#).keep("top");
        self.call(&post, r#"{"name":"Sub","parent_id":"$top"}"#).keep("sub");
        self.call(&post, r#"{"name":"Third","parent_id":"$sub"}"#).keep("third");
        for body in [
            r#"{"name":"Too deep","parent_id":"$third"}"#,
            "{}",
            r#"{"name":""}"#,
            r#"{"name":"x","parent_id":"99"}"#,
            r#"{"name":"x","help_center_id":9}"#,
            "{",
        ] {
            self.call(&post, body);
        }
        if is_multilingual {
            let names = r#"{"translated_content":{"fr":{"name":"Haut","description":"f"}}}"#;
            self.call(&post, r#"{"name":"Two","translated_content":{"fr":{"name":"Deux"}}}"#);
            self.call(&format!("PUT {ALL}/$top"), names);
        }
        for path in ["", "?page=1&per_page=1", "?per_page=251", "/$top", "/$sub", "/99"] {
            self.call(&format!("GET {ALL}{path}"), "");
        }
        for (id, body) in [
            ("$sub", r#"{"name":"Sub 2","parent_id":null}"#),
            ("$sub", r#"{"parent_id":"$top"}"#),
            ("$top", r#"{"parent_id":"$third"}"#),
            ("99", r#"{"name":"x"}"#),
        ] {
            self.call(&format!("PUT {ALL}/{id}"), body);
        }
        for id in ["$top", "$third", "99"] {
            self.call(&format!("DELETE {ALL}/{id}"), "");
        }
    }

    fn articles(&mut self, is_multilingual: bool) {
        let whole = r#"{"title":"T","description":"d","body":"<p>b</p>","author_id":1,"state":"draft","parent_id":$sub,"parent_type":"collection"}"#;
        self.call("POST /articles", whole).keep("article");
        for body in [
            r#"{"title":"Only a title","author_id":2}"#,
            r##"{"title":"T","author_id":1,"body_markdown":"# A\n"}"##,
            r#"{"title":"Timed","author_id":1,"state":"published","scheduled_publish_at":"2037-01-01T00:00:00Z"}"#,
            r#"{"title":"T"}"#,
            r#"{"author_id":1}"#,
            r#"{"title":"T","author_id":77}"#,
            r#"{"title":"T","author_id":1,"parent_id":99}"#,
            r#"{"title":"T","author_id":1,"audience_ids":[99]}"#,
            r#"{"title":"T","author_id":1,"body":"<dl><dt>x</dt></dl>"}"#,
            r#"{"title":"T","author_id":1,"body":"<p>b</p>","body_markdown":"b\n"}"#,
            r#"{"title":"T","author_id":1,"scheduled_publish_at":"2001-01-01T00:00:00Z"}"#,
            "{",
        ] {
            self.call("POST /articles", body);
        }
        if is_multilingual {
            let french = r#"{"title":"F","description":"f","body":"<p>f</p>","state":"published","author_id":1}"#;
            self.call("PUT /articles/$article", &format!(r#"{{"translated_content":{{"fr":{french}}}}}"#));
            self.call("PUT /articles/$article", r#"{"translated_content":{"de":{"title":"D"}}}"#);
        }
        for path in ["/$article", "/99", "", "?page=1&per_page=1", "?per_page=251", "?page=99", "/$article/draft"] {
            self.call(&format!("GET /articles{path}"), "");
        }
    }

    fn drafts(&mut self, is_multilingual: bool) {
        const DRAFT: &str = "/articles/$article/draft";
        self.call(&format!("PUT {DRAFT}"), r#"{"body":"<p>x</p>"}"#);
        self.call(&format!("POST {DRAFT}/publish"), r#"{"locales":["en"]}"#);
        for body in [
            r#"{"state":"published"}"#,
            r#"{"state":"gone"}"#,
            r#"{"author_id":77}"#,
            r#"{"ai_chatbot_availability":false,"ai_sales_agent_availability":true}"#,
            r#"{"audience_ids":[99]}"#,
            r#"{"parent_id":"$sub","parent_type":"collection","title":"T2"}"#,
            r#"{"scheduled_unpublish_at":"2037-01-01T00:00:00Z"}"#,
            r#"{"scheduled_unpublish_at":null}"#,
            r#"{"body":"<p>b</p>","body_markdown":"b\n"}"#,
        ] {
            self.call("PUT /articles/$article", body);
        }
        self.call("PUT /articles/99", r#"{"title":"x"}"#);
        self.call(&format!("POST {DRAFT}/publish"), "{}");
        for body in [
            r#"{"title":"T3","description":"d3","body":"<p>staged</p>","author_id":1}"#,
            r##"{"body_markdown":"# A\n"}"##,
            r#"{"body":"<dl></dl>"}"#,
        ] {
            self.call(&format!("PUT {DRAFT}"), body);
        }
        self.call(&format!("GET {DRAFT}"), "").call("GET /articles/$article", "").call("GET /articles/99/draft", "");
        self.call("PUT /articles/99/draft", r#"{"body":"<p>x</p>"}"#);
        if is_multilingual {
            self.call(&format!("POST {DRAFT}/publish"), "{}");
            self.call(&format!("POST {DRAFT}/publish"), r#"{"locales":["fr"]}"#);
        }
        self.call(&format!("POST {DRAFT}/publish"), r#"{"locales":["en"]}"#);
        self.call("POST /articles/99/draft/publish", r#"{"locales":["en"]}"#);
    }

    fn versions_and_search(&mut self, is_multilingual: bool) {
        self.call("GET /articles/$article/versions", "").keep("version");
        for path in ["?page=1&per_page=1&locale=en", "/$version", "/9999", "?locale=xx", "/$version?locale=xx"] {
            self.call(&format!("GET /articles/$article/versions{path}"), "");
        }
        self.call("GET /articles/99/versions", "");
        if is_multilingual {
            self.call("GET /articles/$article/versions?locale=fr", "");
        }
        for query in [
            "phrase=t&highlight=true&state=published&help_center_id=1",
            "phrase=t&per_page=1&page=1",
            "state=odd",
            "phrase=t&help_center_id=9",
        ] {
            self.call(&format!("GET /articles/search?{query}"), "");
        }
    }

    fn tags(&mut self) {
        self.call("POST /tags", r#"{"name":"One"}"#).keep("tag");
        for body in [
            r#"{"name":"Two","id":"$tag"}"#,
            "{}",
            r#"{"name":"x","id":"9999"}"#,
            r#"{"name":"y","users":[{"id":"1"}]}"#,
        ] {
            self.call("POST /tags", body);
        }
        self.call("GET /tags", "").call("GET /tags/$tag", "").call("GET /tags/9999", "");
        let tags = "POST /articles/$article/tags";
        self.call(tags, r#"{"id":"$tag"}"#).call(tags, r#"{"id":"9999"}"#).call(tags, "{}");
        self.call("POST /articles/99/tags", r#"{"id":"$tag"}"#).call("DELETE /tags/$tag", "");
        for path in ["/articles/$article/tags/9999", "/articles/99/tags/$tag", "/articles/$article/tags/$tag"] {
            self.call(&format!("DELETE {path}"), "");
        }
        self.call("DELETE /tags/$tag", "").call("DELETE /tags/9999", "");
    }

    fn redirects(&mut self) {
        const ALL: &str = "/help_center/help_centers/1/redirects";
        self.call("GET /help_center/help_centers/1", "");
        let site = self.last["url"].as_str().unwrap().to_owned();
        let body = |from: &str, locale: &str, kind: &str, target: &str| {
            format!(r#"{{"from_url":"{from}","locale":"{locale}","target_type":"{kind}","target_id":"{target}"}}"#)
        };
        let old = body(&format!("{site}/en/articles/7-old"), "en", "article", "$article");
        self.call(&format!("POST {ALL}"), &old).keep("redirect");
        for body in [
            old.clone(),
            "{}".to_owned(),
            body("https://elsewhere.example/x", "en", "article", "$article"),
            body(&format!("{site}/en/articles/8-old"), "en", "article", "99"),
            body(&format!("{site}/en/articles/9-old"), "xx", "article", "$article"),
            body(&format!("{site}/en/articles/9-old"), "en", "odd", "$article"),
            body(&format!("{site}/en/collections/1-old"), "en", "collection", "$sub"),
        ] {
            self.call(&format!("POST {ALL}"), &body);
        }
        for path in ["", "?page=1&per_page=1", "?per_page=251", "/$redirect", "/9999"] {
            self.call(&format!("GET {ALL}{path}"), "");
        }
        self.call("GET /help_center/help_centers/9/redirects", "");
        self.call("POST /help_center/help_centers/9/redirects", &old);
        self.call(&format!("DELETE {ALL}/$redirect"), "").call(&format!("DELETE {ALL}/9999"), "");
    }

    fn audiences(&mut self) {
        self.call("POST /audiences", r#"{"name":"A"}"#).keep("audience");
        let predicate = r#"{"attribute":"role","type":"string","comparison":"eq","value":"lead"}"#;
        self.call("POST /audiences", &format!(r#"{{"name":"B","predicates":[{predicate}],"role_predicates":[]}}"#));
        self.call("POST /audiences", "{}").call("POST /audiences", r#"{"name":" "}"#);
        for path in ["", "?page=1&per_page=1", "?per_page=251", "/$audience", "/9999"] {
            self.call(&format!("GET /audiences{path}"), "");
        }
        for (id, body) in
            [("$audience", r#"{"name":"C"}"#), ("$audience", r#"{"name":""}"#), ("9999", r#"{"name":"C"}"#)]
        {
            self.call(&format!("PUT /audiences/{id}"), body);
        }
        self.call("DELETE /audiences/$audience", "").call("DELETE /audiences/9999", "");
    }
}
