#include "server/first_link.h"

#include <string.h>

#include "app/accounts.h"
#include "base/time.h"
#include "server/public_url.h"
#include "store/store.h"

static char token[APP_ACCOUNT_TOKEN_MAX + 1];

void first_link_prepare(void)
{
    struct store *store = NULL; // the data folder is the working directory
    if (store_open(STORE_FILE_NAME, &store) == ERR_NONE) {
        // ERR_CONFLICT: there is an account.
        (void)!app_account_link_make(store, "", time_wall_ms(), token);
        store_close(store);
    }
}

void first_link_print(const struct config *config, FILE *to)
{
    char url[PUBLIC_URL_MAX];
    if (token[0] == '\0') {
        return;
    }
    public_url(config, url);
    fprintf(to, "%s/begin#%s\n", url, token);
    fflush(to);
    explicit_bzero(token, sizeof(token));
}
