//! The region of a workspace: what reads is answered everywhere, what writes is not.

use helpbook::local::Options;

use crate::harness::{Server, two_articles};

#[test]
fn nothing_is_written_where_requests_go_to_another_region_than_the_workspaces() {
    for said in ["EU", "Europe", "europe"] {
        let server = Server::with(Options { region: Some(said.to_owned()), ..Options::default() });
        let project = two_articles().on(&server);
        project.run(&["plan"]).exits(0).says("the workspace is in the region `eu`, and requests go to `us`");
        for command in [&["apply"][..], &["apply", "--publish", "--yes"], &["publish", "--yes"]] {
            project.run(command).exits(4).says("requests go to `us`").says("write `region: eu` into helpbook.yml");
        }
        project.run(&["doctor"]).exits(1).says("write `region: eu`");
        assert!(server.writes_since(0).is_empty());
        project.write("helpbook.yml", "docs: docs\nregion: eu\n");
        project.run(&["apply"]).exits(0);
        assert!(!project.run(&["plan"]).exits(0).stderr.contains("region"));
        assert!(project.run(&["doctor"]).exits(0).stdout.contains("`eu`"));
    }
}

#[test]
fn a_token_that_may_not_read_audiences_is_not_refused() {
    let server = Server::with(Options::behaving(|does| does.set("audiences", "unauthorized").unwrap()));
    let project = two_articles().on(&server);
    project.run(&["apply"]).exits(0);
    project.run(&["pull"]).exits(0);
    project.write("docs/guide/new.md", "---\ntitle: New\naudiences: [VIP]\n---\nText.\n");
    project.run(&["plan"]).exits(0).says("blocked");
}

#[test]
fn what_is_written_elsewhere_names_the_region() {
    let server = Server::with(Options::behaving(|does| does.set("writes", "elsewhere").unwrap()));
    let project = two_articles().on(&server);
    project.run(&["apply"]).exits(1).says("404 from POST").says("another region than the workspace's");
}

#[test]
fn a_region_that_nobody_knows_is_no_reason_to_stop() {
    let server = Server::with(Options { region: Some("Atlantis".to_owned()), ..Options::default() });
    two_articles().on(&server).run(&["apply"]).exits(0);
}
