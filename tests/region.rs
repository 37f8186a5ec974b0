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
fn a_region_that_nobody_knows_is_no_reason_to_stop() {
    let server = Server::with(Options { region: Some("Atlantis".to_owned()), ..Options::default() });
    two_articles().on(&server).run(&["apply"]).exits(0);
}
