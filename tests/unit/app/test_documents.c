// What is removed is destroyed before anybody is told of it, and the other way round: what was
// destroyed is removed, whatever ended in between.
#include "world.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "app/documents.h"
#include "base/text.h"
#include "store/content.h"

#define SPEECH "a speech to be checked against delivery"

static void put_contents(struct world *world, const char *id, const char *participant)
{
    world_put_contents(world, id, participant, SPEECH);
}

static struct command add_command(const char *id, const char *replaces)
{
    struct command command = world_document_add(id, replaces);
    command.as.document_add.language = LANGUAGE_FR;
    command.as.document_add.embargoed = true;
    return command;
}

static struct command remove_command(const char *id)
{
    struct command command = {.type = COMMAND_DOCUMENT_REMOVE};
    snprintf(command.as.document_remove.document, sizeof(command.as.document_remove.document), "%s",
             id);
    return command;
}

// A document of the delegate's, whose connection is given back.
static app_live add_speech(struct world *world, const char *id)
{
    app_live live = world_enter(world, "delegate-fra");
    struct command command = add_command(id, "");
    put_contents(world, id, "delegate-fra");
    assert_int_equal(world_command(world, live, &command), ERR_NONE);
    return live;
}

static bool in_journal(struct world *world, const char *id)
{
    uint64_t seq = 0;
    const struct meeting *meeting = app_meeting(world->app, "demo", &seq);
    for (uint32_t i = 0; i < meeting->documents_count; i++) {
        if (text_equal(meeting->documents[i].id, id)) {
            return true;
        }
    }
    return false;
}

static bool is_answered(const struct world *world, app_live live, uint64_t request)
{
    char line[64];
    snprintf(line, sizeof(line), "reply %u %llu ", live, (unsigned long long)request);
    return world_find(world, 0, line) < world->line_count;
}

static void wait_answer(struct world *world, app_live live, uint64_t request)
{
    struct pollfd news = {.fd = store_event_fd(world->store), .events = POLLIN};
    while (!is_answered(world, live, request)) {
        assert_int_equal(poll(&news, 1, 30000), 1);
        app_committed(world->app, world->now, world->wall);
    }
}

struct reading {
    struct world *world;
    app_live live;
    struct command command;
    bool late;
    uint64_t request;
};

// Inside another connection's reading transaction: as long as it lasts, nothing can be destroyed.
static bool while_reading(void *context, const struct content_row *row)
{
    struct reading *reading = context;
    struct world *world = reading->world;
    struct content_row found;
    uint32_t before = world->line_count;
    assert_string_equal(row->content.id, "doc-1");
    world_give(world, reading->live, &reading->command);
    reading->request = world->request;
    world_commit(world);
    assert_int_equal(content_find(world->store, "demo", "doc-1", &found), ERR_NOT_FOUND);
    // The meeting goes on: what others do is told.
    world_enter(world, "delegate-bra");
    assert_true(world_count(world, before, "publish") > 0);
    assert_true(in_journal(world, "doc-1"));
    for (uint32_t i = before; i < world->line_count; i++) {
        assert_null(strstr(world->lines[i], "document.removed"));
    }
    assert_false(is_answered(world, reading->live, reading->request));
    if (reading->late) {
        world_advance(world, 8000);
        assert_true(is_answered(world, reading->live, reading->request));
        assert_int_equal(world->reply.err, ERR_UNAVAILABLE);
        assert_true(in_journal(world, "doc-1"));
    }
    return false;
}

static void remove_beside_a_reader(struct world *world, struct reading *reading)
{
    struct store *reader = NULL;
    assert_int_equal(store_open_reader(store_path(world->store), &reader), ERR_NONE);
    assert_int_equal(content_list(reader, "demo", NULL, while_reading, reading), ERR_NONE);
    store_close(reader);
}

static uint32_t find_event(struct world *world, const char *name)
{
    for (uint32_t i = 0; i < world->line_count; i++) {
        if (text_starts_with(world->lines[i], "publish") && strstr(world->lines[i], name) != NULL) {
            return i;
        }
    }
    return world->line_count;
}

static void test_nobody_is_told_before_it_is_destroyed(void **state)
{
    struct world *world = *state;
    struct reading reading = {
        .world = world, .live = add_speech(world, "doc-1"), .command = remove_command("doc-1")};
    remove_beside_a_reader(world, &reading);
    wait_answer(world, reading.live, reading.request);
    assert_int_equal(world->reply.err, ERR_NONE);
    assert_false(in_journal(world, "doc-1"));
    assert_true(find_event(world, "document.removed") < world->line_count);
}

static void test_a_new_version_waits_for_the_end_of_the_old(void **state)
{
    struct world *world = *state;
    struct reading reading = {.world = world,
                              .live = add_speech(world, "doc-1"),
                              .command = add_command("doc-2", "doc-1")};
    put_contents(world, "doc-2", "delegate-fra");
    remove_beside_a_reader(world, &reading);
    wait_answer(world, reading.live, reading.request);
    assert_int_equal(world->reply.err, ERR_NONE);
    assert_false(in_journal(world, "doc-1"));
    assert_true(in_journal(world, "doc-2"));
}

// Until the new version is on the disk the old one is whole.
static void test_a_new_version_is_written_before_the_old_one_goes(void **state)
{
    struct world *world = *state;
    struct content_row row;
    app_live live = add_speech(world, "doc-1");
    struct command command = add_command("doc-2", "doc-1");
    put_contents(world, "doc-2", "delegate-fra");
    world_give(world, live, &command);
    assert_int_equal(content_find(world->store, "demo", "doc-1", &row), ERR_NONE);
    world_commit(world);
    assert_true(in_journal(world, "doc-2"));
    assert_int_equal(content_find(world->store, "demo", "doc-1", &row), ERR_NOT_FOUND);
    assert_true(in_journal(world, "doc-1")); // until they are destroyed
    wait_answer(world, live, world->request);
    assert_int_equal(world->reply.err, ERR_NONE);
    assert_false(in_journal(world, "doc-1"));
    assert_int_equal(content_find(world->store, "demo", "doc-2", &row), ERR_NONE);
}

static void test_one_is_replaced_once(void **state)
{
    struct world *world = *state;
    app_live live = add_speech(world, "doc-1");
    struct command first = add_command("doc-2", "doc-1");
    struct command second = add_command("doc-3", "doc-1");
    struct command removal = remove_command("doc-1");
    put_contents(world, "doc-2", "delegate-fra");
    put_contents(world, "doc-3", "delegate-fra");
    world_give(world, live, &first);
    uint64_t request = world->request;
    world_give(world, live, &second);
    assert_int_equal(world->reply.refusal.reason, REFUSAL_REMOVAL_UNDER_WAY);
    world_give(world, live, &removal);
    assert_int_equal(world->replied, world->request);
    assert_int_equal(world->reply.refusal.reason, REFUSAL_REMOVAL_UNDER_WAY);
    wait_answer(world, live, request);
    assert_int_equal(world->reply.err, ERR_NONE);
    assert_false(in_journal(world, "doc-1"));
    assert_true(in_journal(world, "doc-2"));
    assert_false(in_journal(world, "doc-3"));
}

// Who asked is answered before the page gives up, and it is removed as soon as it can be.
static void test_a_long_reading_is_told(void **state)
{
    struct world *world = *state;
    struct pollfd news = {.fd = store_event_fd(world->store), .events = POLLIN};
    struct reading reading = {.world = world,
                              .live = add_speech(world, "doc-1"),
                              .command = remove_command("doc-1"),
                              .late = true};
    remove_beside_a_reader(world, &reading);
    while (in_journal(world, "doc-1")) {
        assert_int_equal(poll(&news, 1, 30000), 1);
        app_committed(world->app, world->now, world->wall);
    }
}

static void test_twice_is_a_conflict(void **state)
{
    struct world *world = *state;
    app_live live = add_speech(world, "doc-1");
    struct command command = remove_command("doc-1");
    world_give(world, live, &command);
    uint64_t first = world->request;
    world_give(world, live, &command);
    assert_int_equal(world->replied, world->request);
    assert_int_equal(world->reply.err, ERR_CONFLICT);
    wait_answer(world, live, first);
    assert_int_equal(world->reply.err, ERR_NONE);
    assert_false(in_journal(world, "doc-1"));
}

static void test_who_may_not_destroys_nothing(void **state)
{
    struct world *world = *state;
    struct content_row row;
    add_speech(world, "doc-1");
    app_live other = world_enter(world, "delegate-bra");
    struct command command = remove_command("doc-1");
    assert_int_equal(world_command(world, other, &command), ERR_NOT_FOUND);
    assert_int_equal(content_find(world->store, "demo", "doc-1", &row), ERR_NONE);
}

// Whoever is removed while they read gets no further piece.
static void test_reading_ends_with_removal(void **state)
{
    struct world *world = *state;
    char bytes[8];
    struct app_document_piece piece = {.to = bytes, .max = sizeof(bytes)};
    const struct app_identity reader = world_identity(world, "delegate-fra");
    app_live moderator = world_enter(world, "moderator");
    add_speech(world, "doc-1");
    assert_int_equal(app_document_read(world->app, &reader, "demo", "doc-1", &piece), ERR_NONE);
    assert_int_equal(piece.size, sizeof(bytes));
    assert_memory_equal(bytes, SPEECH, sizeof(bytes));
    struct command removal = {.type = COMMAND_PARTICIPANT_REMOVE};
    snprintf(removal.as.participant_remove.participant,
             sizeof(removal.as.participant_remove.participant), "delegate-fra");
    assert_int_equal(world_command(world, moderator, &removal), ERR_NONE);
    piece.at = piece.size;
    assert_int_equal(app_document_read(world->app, &reader, "demo", "doc-1", &piece),
                     ERR_FORBIDDEN);
}

static void add_paper(struct world *world, app_live live, const char *id, const char *item)
{
    struct command command = world_document_add(id, "");
    text_copy_cut(command.as.document_add.item, sizeof(command.as.document_add.item), item);
    command.as.document_add.kind = DOCUMENT_KIND_DOCUMENT;
    command.as.document_add.embargoed = false;
    put_contents(world, id, "moderator");
    assert_int_equal(world_command(world, live, &command), ERR_NONE);
}

// "doc-2 doc-1 …", or the error.
static enum err papers_of(struct world *world, const char *who, const char *item, char *to,
                          size_t size)
{
    const struct app_identity reader = world_identity(world, who);
    struct app_papers papers;
    struct text_builder text = text_builder(to, size);
    enum err err = app_papers(world->app, &reader, "demo", item, &papers);
    for (uint32_t i = 0; i < papers.count; i++) {
        text_append_format(&text, "%s%s", i == 0 ? "" : " ", papers.list[i].id);
    }
    free(papers.list);
    return err;
}

static void test_papers_in_the_agendas_order(void **state)
{
    struct world *world = *state;
    char ids[128];
    uint64_t seq = 0;
    assert_int_equal(papers_of(world, "delegate-bra", "", ids, sizeof(ids)), ERR_NOT_FOUND);
    const struct meeting *meeting = app_meeting(world->app, "demo", &seq);
    assert_true(meeting->agenda_count >= 2);
    char first[CONTRACT_ID_MAX + 1];
    char second[CONTRACT_ID_MAX + 1];
    text_copy_cut(first, sizeof(first), meeting->agenda[0].id);
    text_copy_cut(second, sizeof(second), meeting->agenda[1].id);
    app_live moderator = world_enter(world, "moderator");
    add_paper(world, moderator, "doc-1", "");
    add_paper(world, moderator, "doc-2", second);
    add_paper(world, moderator, "doc-3", first);
    add_paper(world, moderator, "doc-4", first);
    add_speech(world, "doc-5");
    assert_int_equal(papers_of(world, "delegate-bra", "", ids, sizeof(ids)), ERR_NONE);
    assert_string_equal(ids, "doc-3 doc-4 doc-2 doc-1");
    assert_int_equal(papers_of(world, "delegate-bra", first, ids, sizeof(ids)), ERR_NONE);
    assert_string_equal(ids, "doc-3 doc-4");
    // What is under embargo is among them for its readers alone.
    assert_int_equal(papers_of(world, "delegate-fra", "", ids, sizeof(ids)), ERR_NONE);
    assert_non_null(strstr(ids, "doc-5"));
    assert_int_equal(papers_of(world, "delegate-bra", "none", ids, sizeof(ids)), ERR_NOT_FOUND);
    const struct app_identity reader = world_identity(world, "delegate-bra");
    struct app_papers papers;
    assert_int_equal(app_papers(world->app, &reader, "other", "", &papers), ERR_FORBIDDEN);
}

static void wait_removed(struct world *world, const char *id)
{
    struct pollfd news = {.fd = store_event_fd(world->store), .events = POLLIN};
    while (in_journal(world, id)) {
        assert_int_equal(poll(&news, 1, 30000), 1);
        app_committed(world->app, world->now, world->wall);
    }
}

static void destroy_untold(struct world *world, const char *document)
{
    char meeting[CONTRACT_ID_MAX + 1];
    char id[CONTRACT_ID_MAX + 1];
    struct pollfd news = {.fd = store_event_fd(world->store), .events = POLLIN};
    assert_int_equal(content_erase(world->store, "demo", document), ERR_NONE);
    while (!content_erased(world->store, meeting, id)) {
        assert_int_equal(poll(&news, 1, 30000), 1);
    }
}

// The process ends between the two: the next one says what has happened.
static void test_the_next_start_tells_what_was_destroyed(void **state)
{
    struct world *world = *state;
    add_speech(world, "doc-1");
    destroy_untold(world, "doc-1");
    world_restart_control(world);
    wait_removed(world, "doc-1");
}

static bool while_reading_it_starts(void *context, const struct content_row *row)
{
    struct world *world = context;
    assert_string_equal(row->content.id, "doc-2");
    world_restart_control(world);
    world_commit(world);
    assert_true(in_journal(world, "doc-1"));
    return false;
}

// The log could not be emptied at the start, so what was deleted may stand in it: nobody is told.
static void test_the_next_start_tells_it_when_nothing_is_left(void **state)
{
    struct world *world = *state;
    struct store *reader = NULL;
    add_speech(world, "doc-1");
    destroy_untold(world, "doc-1");
    put_contents(world, "doc-2", "delegate-fra");
    assert_int_equal(store_open_reader(store_path(world->store), &reader), ERR_NONE);
    assert_int_equal(content_list(reader, "demo", NULL, while_reading_it_starts, world), ERR_NONE);
    store_close(reader);
    wait_removed(world, "doc-1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_nobody_is_told_before_it_is_destroyed, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_a_new_version_waits_for_the_end_of_the_old,
                                        world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_a_new_version_is_written_before_the_old_one_goes,
                                        world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_one_is_replaced_once, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_a_long_reading_is_told, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_reading_ends_with_removal, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_papers_in_the_agendas_order, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_twice_is_a_conflict, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_who_may_not_destroys_nothing, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_the_next_start_tells_what_was_destroyed, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(test_the_next_start_tells_it_when_nothing_is_left,
                                        world_setup, world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
