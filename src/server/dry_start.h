// `plenary control --check`: whether this version could begin on this configuration and data
// folder, tried without touching them while another version runs. Says it on standard output
// (takeover_facts.h).
#pragma once

// Returns the exit code: 0 when it is ready.
int dry_start_run(void);
