#include "base/err.h"

#include "base/assert.h"

static const struct {
    const char *slug;
    const char *title;
    int status;
} err_table[ERR_COUNT] = {
#define ERR_ROW(symbol, slug, title, status) [symbol] = {slug, title, status},
    ERR_LIST(ERR_ROW)
#undef ERR_ROW
};

const char *err_slug(enum err err)
{
    ASSERT(err < ERR_COUNT);
    return err_table[err].slug;
}

const char *err_title(enum err err)
{
    ASSERT(err < ERR_COUNT);
    return err_table[err].title;
}

int err_http_status(enum err err)
{
    ASSERT(err < ERR_COUNT);
    return err_table[err].status;
}
