#include "document/page.h"

#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cairo/cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

#include "base/text.h"

#define FAMILIES    "Noto Sans, Noto Naskh Arabic, Noto Sans CJK SC"
#define FONTS_MAX   32
#define BODY_MAX    (32u << 20)
#define TOP         88.0
#define BOTTOM      (PAGE_HEIGHT - 64.0)
#define RULE_COLOUR 0x222222
#define GREY        0x666666

struct page {
    cairo_surface_t *surface; // owned, as all of these
    cairo_t *cairo;
    PangoFontMap *font_map;
    PangoContext *context;
    FcConfig *fonts;
    enum language language;
    bool mirrored;
    const char *header; // borrowed
    const char *footer; //
    double y;
    int number;
    char *body;
    size_t body_size;
    size_t body_room;
    bool failed;
};

static cairo_status_t write_body(void *closure, const unsigned char *data, unsigned length)
{
    struct page *page = closure;
    if (page->body_size + length > BODY_MAX) {
        page->failed = true;
        return CAIRO_STATUS_WRITE_ERROR;
    }
    if (page->body_size + length > page->body_room) {
        size_t room = (page->body_size + length) * 2;
        char *body = realloc(page->body, room);
        if (body == NULL) {
            page->failed = true;
            return CAIRO_STATUS_WRITE_ERROR;
        }
        page->body = body;
        page->body_room = room;
    }
    memcpy(page->body + page->body_size, data, length);
    page->body_size += length;
    return CAIRO_STATUS_SUCCESS;
}

// ---- Fonts ----

// Of this folder alone: the same paper on every machine.
static enum err load_fonts(struct page *page, const char *folder)
{
    int count = 0;
    DIR *files = opendir(folder);
    page->fonts = FcConfigCreate();
    if (files == NULL || page->fonts == NULL) {
        if (files != NULL) {
            closedir(files);
        }
        return ERR_NOT_FOUND;
    }
    for (const struct dirent *file = readdir(files); file != NULL && count < FONTS_MAX;
         file = readdir(files)) {
        char path[4096];
        struct text_builder builder = text_builder(path, sizeof(path));
        text_append_format(&builder, "%s/%s", folder, file->d_name);
        if (file->d_name[0] != '.' && !builder.failed &&
            FcConfigAppFontAddFile(page->fonts, (const FcChar8 *)path)) {
            count++;
        }
    }
    closedir(files);
    if (count == 0) {
        return ERR_NOT_FOUND;
    }
    page->font_map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    if (page->font_map == NULL) {
        return ERR_UNSUPPORTED;
    }
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(page->font_map), page->fonts);
    page->context = pango_font_map_create_context(page->font_map);
    pango_context_set_language(page->context,
                               pango_language_from_string(language_text(page->language)));
    pango_context_set_base_dir(page->context,
                               page->mirrored ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
    return ERR_NONE;
}

// ---- Drawing ----

static void set_colour(struct page *page, unsigned colour)
{
    cairo_set_source_rgb(page->cairo, (colour >> 16 & 0xFF) / 255.0, (colour >> 8 & 0xFF) / 255.0,
                         (colour & 0xFF) / 255.0);
}

// The left edge on paper of something `width` wide.
static double left_of(const struct page *page, double x, double width)
{
    return page->mirrored ? PAGE_WIDTH - PAGE_MARGIN - x - width : PAGE_MARGIN + x;
}

double page_text(struct page *page, double x, double y, double width,
                 const struct page_style *style, int lines, const char *text)
{
    static const PangoAlignment alignments[2][3] = {
        {PANGO_ALIGN_LEFT, PANGO_ALIGN_RIGHT, PANGO_ALIGN_CENTER},
        {PANGO_ALIGN_RIGHT, PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER}};
    PangoLayout *layout = pango_layout_new(page->context);
    PangoFontDescription *font = pango_font_description_from_string(FAMILIES);
    pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
    pango_font_description_set_weight(font, style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_height(layout, -lines);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    // The page's direction decides where a line begins, whatever script a name is in.
    pango_layout_set_auto_dir(layout, FALSE);
    pango_layout_set_alignment(layout, alignments[page->mirrored][style->align]);
    pango_layout_set_text(layout, text, -1);
    int height = 0;
    pango_layout_get_size(layout, NULL, &height);
    set_colour(page, style->colour);
    cairo_move_to(page->cairo, left_of(page, x, width), y);
    pango_cairo_show_layout(page->cairo, layout);
    pango_font_description_free(font);
    g_object_unref(layout);
    return (double)height / PANGO_SCALE;
}

void page_box(struct page *page, double x, double y, double width, double height, unsigned colour)
{
    set_colour(page, colour);
    cairo_rectangle(page->cairo, left_of(page, x, width), y, width, height);
    cairo_fill(page->cairo);
}

void page_hatch(struct page *page, double x, double y, double width, double height, unsigned colour)
{
    double left = left_of(page, x, width);
    cairo_save(page->cairo);
    cairo_rectangle(page->cairo, left, y, width, height);
    cairo_clip(page->cairo);
    cairo_set_source_rgb(page->cairo, 1, 1, 1);
    cairo_paint(page->cairo);
    set_colour(page, colour);
    cairo_set_line_width(page->cairo, 1.1);
    for (double at = left - height; at < left + width; at += 2.6) {
        cairo_move_to(page->cairo, at, y + height);
        cairo_line_to(page->cairo, at + height, y);
    }
    cairo_stroke(page->cairo);
    cairo_restore(page->cairo);
}

void page_line(struct page *page, double x1, double y1, double x2, double y2, double thickness,
               unsigned colour)
{
    set_colour(page, colour);
    cairo_set_line_width(page->cairo, thickness);
    cairo_move_to(page->cairo, left_of(page, x1, 0), y1);
    cairo_line_to(page->cairo, left_of(page, x2, 0), y2);
    cairo_stroke(page->cairo);
}

// ---- Pages ----

static void begin_page(struct page *page)
{
    const struct page_style plain = {.size = 8, .colour = GREY};
    const struct page_style number = {.size = 8, .colour = GREY, .align = PAGE_END};
    char text[16];
    struct text_builder builder = text_builder(text, sizeof(text));
    page->number++;
    text_append_format(&builder, "%d", page->number);
    page_text(page, 0, 40, PAGE_INNER_WIDTH, &plain, 1, page->header);
    page_line(page, 0, 56, PAGE_INNER_WIDTH, 56, 1.4, RULE_COLOUR);
    page_line(page, 0, PAGE_HEIGHT - 52, PAGE_INNER_WIDTH, PAGE_HEIGHT - 52, 0.4, GREY);
    page_text(page, 0, PAGE_HEIGHT - 46, PAGE_INNER_WIDTH - 60, &plain, 1, page->footer);
    page_text(page, PAGE_INNER_WIDTH - 50, PAGE_HEIGHT - 46, 50, &number, 1, text);
    page->y = page->number == 1 ? 68 : TOP - 16;
}

enum err page_create(enum language language, const char *fonts, const char *header,
                     const char *footer, struct page **ret_page)
{
    struct page *page = calloc(1, sizeof(*page));
    if (page == NULL) {
        return ERR_FULL;
    }
    page->language = language;
    page->mirrored = language == LANGUAGE_AR;
    page->header = header;
    page->footer = footer;
    enum err err = load_fonts(page, fonts);
    if (err == ERR_NONE) {
        page->surface = cairo_pdf_surface_create_for_stream(write_body, page, PAGE_WIDTH,
                                                            PAGE_HEIGHT);
        page->cairo = cairo_create(page->surface);
        err = cairo_status(page->cairo) == CAIRO_STATUS_SUCCESS ? ERR_NONE : ERR_FULL;
    }
    if (err != ERR_NONE) {
        page_destroy(page);
        return err;
    }
    cairo_pdf_surface_set_metadata(page->surface, CAIRO_PDF_METADATA_TITLE, header);
    cairo_pdf_surface_set_metadata(page->surface, CAIRO_PDF_METADATA_CREATOR, "Plenary");
    begin_page(page);
    *ret_page = page;
    return ERR_NONE;
}

void page_destroy(struct page *page)
{
    if (page == NULL) {
        return;
    }
    if (page->cairo != NULL) {
        cairo_destroy(page->cairo);
    }
    if (page->surface != NULL) {
        cairo_surface_finish(page->surface);
        cairo_surface_destroy(page->surface);
    }
    if (page->context != NULL) {
        g_object_unref(page->context);
    }
    if (page->font_map != NULL) {
        g_object_unref(page->font_map);
    }
    if (page->fonts != NULL) {
        FcConfigDestroy(page->fonts);
    }
    free(page->body);
    free(page);
}

enum err page_finish(struct page *page, char **ret_body, size_t *ret_size)
{
    cairo_show_page(page->cairo);
    bool drawn = cairo_status(page->cairo) == CAIRO_STATUS_SUCCESS;
    cairo_surface_finish(page->surface);
    if (!drawn || page->failed || cairo_surface_status(page->surface) != CAIRO_STATUS_SUCCESS) {
        return ERR_FULL;
    }
    *ret_body = page->body;
    *ret_size = page->body_size;
    page->body = NULL;
    return ERR_NONE;
}

enum language page_language(const struct page *page)
{
    return page->language;
}

double page_y(const struct page *page)
{
    return page->y;
}

void page_move(struct page *page, double down)
{
    page->y += down;
}

bool page_need(struct page *page, double height)
{
    if (page->y + height <= BOTTOM) {
        return false;
    }
    cairo_show_page(page->cairo);
    begin_page(page);
    return true;
}
