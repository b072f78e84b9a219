#include "server/demo_links.h"

#include "app/app.h"
#include "app/operating.h"
#include "base/text.h"
#include "server/public_url.h"
#include "store/store.h"

#define DEMO_LINKS_MAX 64

static struct app_demo_link links[DEMO_LINKS_MAX];
static uint32_t link_count;

bool demo_links_prepare(const struct config *config)
{
    (void)config; // the data folder is the working directory
    struct store *store = NULL;
    if (store_open(STORE_FILE_NAME, &store) != ERR_NONE) {
        return false;
    }
    enum err result = app_demo_prepare(store, time_wall_ms(), links, DEMO_LINKS_MAX, &link_count);
    store_close(store);
    return result == ERR_NONE;
}

void demo_links_print(const struct config *config, FILE *to)
{
    char url[PUBLIC_URL_MAX];
    public_url(config, url);
    const char *meeting = "";
    fprintf(to,
            "\nPlenary is running. The demonstration meeting is open; one link for each role:\n");
    for (uint32_t i = 0; i < link_count; i++) {
        if (i > 0 && !text_equal(links[i].meeting, meeting)) {
            fprintf(to,
                    "\nA room to rehearse in: a trainer plays speeches, interpreters record "
                    "themselves:\n");
        }
        fprintf(to, "%s  %-32s %s/m/%s#%s\n", text_equal(links[i].meeting, meeting) ? "" : "\n",
                links[i].title, url, links[i].meeting, links[i].token);
        meeting = links[i].meeting;
    }
    fprintf(to,
            "\nEach link is one person: open them in as many tabs or browsers as you like. Ctrl-C "
            "stops the server.\n\n");
    fflush(to);
}

void demo_links_print_json(const struct config *config, FILE *to)
{
    char url[PUBLIC_URL_MAX];
    public_url(config, url);
    fprintf(to, "{\"meeting\":\"demo\",\"links\":[");
    for (uint32_t i = 0; i < link_count; i++) {
        fprintf(to,
                "%s{\"meeting\":\"%s\",\"title\":\"%s\",\"capacity\":\"%s\",\"token\":\"%s\","
                "\"url\":\"%s/m/%s#%s\"}",
                i > 0 ? "," : "", links[i].meeting, links[i].title,
                capacity_text(links[i].capacity), links[i].token, url, links[i].meeting,
                links[i].token);
    }
    fprintf(to, "]}\n");
    fflush(to);
}
