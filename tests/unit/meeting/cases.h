// The tables of a test, told to the page (web/tests/cases.test.ts): the rules of the desks are
// written once, here, and the page must answer alike. A test that tells says so in its main():
//
//     cases_begin(argc, argv);
//     return cases_end(cmocka_run_group_tests(tests, NULL, NULL));
//
// Its argument is the file in tests/data/cases that its tables must come to; after a change of a
// table, "--write FILE" makes it anew. Without one nothing is told.
#pragma once

void cases_begin(int argc, char **argv);
// `failed` tests; returns what the process ends with.
int cases_end(int failed);
