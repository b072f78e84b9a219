// Paper: A4 pages of a PDF, text in any script, mirrored for Arabic. Lengths are points (1/72
// inch); x counts from the side where the language begins to be read. One thread at a time.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <cairo/cairo.h>

#include "base/err.h"
#include "contract/types.h"

#define PAGE_WIDTH       595.28
#define PAGE_HEIGHT      841.89
#define PAGE_MARGIN      56.0
#define PAGE_INNER_WIDTH (PAGE_WIDTH - 2 * PAGE_MARGIN)

struct page;

enum page_align { PAGE_START, PAGE_END, PAGE_CENTRE };

struct page_style {
    double size;
    unsigned colour; // 0xRRGGBB
    bool bold;
    enum page_align align;
};

// `fonts` is a folder of font files; none other are used. Header and footer texts are borrowed for
// the page's life. ERR_NOT_FOUND without a font.
enum err CHECKED page_create(enum language language, const char *fonts, const char *header,
                             const char *footer, struct page **ret_page);
void page_destroy(struct page *page);
// The whole document; malloc's. Nothing may be drawn after.
enum err CHECKED page_finish(struct page *page, char **ret_body, size_t *ret_size);

enum language page_language(const struct page *page);
// Where the next thing goes, from the top.
double page_y(const struct page *page);
void page_move(struct page *page, double down);
// A new page unless there is so much room; true when there was none.
bool page_need(struct page *page, double height);

// Draws at x from the margin, within `width`, at `y`; gives the height. Texts too long for `lines`
// lines end in an ellipsis.
double page_text(struct page *page, double x, double y, double width,
                 const struct page_style *style, int lines, const char *text);
void page_box(struct page *page, double x, double y, double width, double height, unsigned colour);
// Hatched, so that it is told apart without colour too.
void page_hatch(struct page *page, double x, double y, double width, double height,
                unsigned colour);
void page_line(struct page *page, double x1, double y1, double x2, double y2, double thickness,
               unsigned colour);
