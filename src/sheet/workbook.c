#include "sheet/workbook.h"

#include <string.h>

#include "base/text.h"
#include "sheet/part.h"

#define VISIBLE_MAX 64 // sheets that are looked at; charts may stand before the first with cells
#define ID_SIZE     64

struct finding {
    struct workbook *workbook;
    struct sheet_refusal *refusal;
    char name[PACKAGE_NAME_SIZE]; // of the workbook's part
    char visible[VISIBLE_MAX][ID_SIZE];
    uint32_t visible_count;
    uint32_t best; // of the visible: the first that has cells; VISIBLE_MAX: none yet
    bool is_workbook;
};

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    size_t size = strlen(end);
    return length >= size && text_equal(text + length - size, end);
}

// ---- Relations: a table of which part is what for another

enum { RELATIONS = 1, RELATION };

static const struct part_element relation_elements[] = {
    {PART_OUTSIDE, RELATIONS, "Relationships"},
    {RELATIONS, RELATION, "Relationship"},
};

struct relation {
    const char *id;
    const char *type; // the end of a URI: two families of them are in use
    const char *target;
};

static bool relation_of(const char *const *attributes, struct relation *ret_relation)
{
    const char *mode = part_attribute(attributes, "TargetMode");
    *ret_relation = (struct relation){
        .id = part_attribute(attributes, "Id"),
        .type = part_attribute(attributes, "Type"),
        .target = part_attribute(attributes, "Target"),
    };
    return ret_relation->id != NULL && ret_relation->type != NULL && ret_relation->target != NULL &&
           (mode == NULL || !text_equal(mode, "External"));
}

static enum err on_root_relation(void *context, uint8_t kind, const char *const *attributes)
{
    struct finding *finding = context;
    struct relation relation;
    if (kind == RELATION && relation_of(attributes, &relation) &&
        ends_with(relation.type, "/officeDocument") && ends_with(relation.target, ".xml") &&
        !package_resolve("", relation.target, finding->name)) {
        finding->name[0] = '\0';
    }
    return ERR_NONE;
}

static uint32_t order_of(const struct finding *finding, const char *id)
{
    uint32_t order = 0;
    while (order < finding->visible_count && !text_equal(finding->visible[order], id)) {
        order++;
    }
    return order < finding->visible_count ? order : VISIBLE_MAX;
}

static enum err on_relation(void *context, uint8_t kind, const char *const *attributes)
{
    struct finding *finding = context;
    struct workbook *workbook = finding->workbook;
    struct relation relation;
    char name[PACKAGE_NAME_SIZE] = "";
    if (kind != RELATION || !relation_of(attributes, &relation) ||
        !package_resolve(finding->name, relation.target, name)) {
        return ERR_NONE;
    }
    if (ends_with(relation.type, "/sharedStrings")) {
        memcpy(workbook->strings, name, sizeof(name));
    } else if (ends_with(relation.type, "/styles")) {
        memcpy(workbook->styles, name, sizeof(name));
    } else if (ends_with(relation.type, "/worksheet") &&
               order_of(finding, relation.id) < finding->best) {
        finding->best = order_of(finding, relation.id);
        memcpy(workbook->sheet, name, sizeof(name));
    }
    return ERR_NONE;
}

static enum err read_relations(struct package *package, const char *name, struct finding *finding,
                               enum err (*begin)(void *, uint8_t, const char *const *))
{
    const struct part_walk walk = {
        .elements = relation_elements,
        .count = sizeof(relation_elements) / sizeof(relation_elements[0]),
        .context = finding,
        .begin = begin,
    };
    return part_read(package, name, &walk, finding->refusal);
}

// ---- The workbook's own part

enum { WORKBOOK = 1, PROPERTIES, SHEETS, SHEET };

static const struct part_element workbook_elements[] = {
    {PART_OUTSIDE, WORKBOOK, "workbook"},
    {WORKBOOK, PROPERTIES, "workbookPr"},
    {WORKBOOK, SHEETS, "sheets"},
    {SHEETS, SHEET, "sheet"},
};

static void add_sheet(struct finding *finding, const char *const *attributes)
{
    const char *state = part_attribute(attributes, "state");
    const char *id = part_attribute(attributes, "id");
    bool visible = state == NULL || text_equal(state, "visible");
    if (visible && id != NULL && finding->visible_count < VISIBLE_MAX &&
        text_copy(finding->visible[finding->visible_count], ID_SIZE, id) == ERR_NONE) {
        finding->visible_count++;
    }
}

static enum err on_workbook(void *context, uint8_t kind, const char *const *attributes)
{
    struct finding *finding = context;
    if (kind == WORKBOOK) {
        finding->is_workbook = true;
    } else if (kind == PROPERTIES) {
        finding->workbook->from_1904 = part_attribute_is_true(attributes, "date1904");
    } else if (kind == SHEET) {
        add_sheet(finding, attributes);
    }
    return ERR_NONE;
}

static enum err read_workbook(struct package *package, struct finding *finding)
{
    const struct part_walk walk = {
        .elements = workbook_elements,
        .count = sizeof(workbook_elements) / sizeof(workbook_elements[0]),
        .context = finding,
        .begin = on_workbook,
    };
    enum err err = part_read(package, finding->name, &walk, finding->refusal);
    return err == ERR_NONE && !finding->is_workbook ? ERR_NOT_FOUND : err;
}

// "xl/workbook.xml" has its relations in "xl/_rels/workbook.xml.rels".
static bool relations_name(const char *name, char to[PACKAGE_NAME_SIZE])
{
    const char *slash = strrchr(name, '/');
    size_t folder = slash != NULL ? (size_t)(slash - name) + 1 : 0;
    struct text_builder builder = text_builder(to, PACKAGE_NAME_SIZE);
    text_append_n(&builder, name, folder);
    text_append(&builder, "_rels/");
    text_append(&builder, name + folder);
    text_append(&builder, ".rels");
    return !builder.failed;
}

enum err workbook_read(struct package *package, struct workbook *ret_workbook,
                       struct sheet_refusal *ret_refusal)
{
    char relations[PACKAGE_NAME_SIZE];
    *ret_workbook = (struct workbook){0};
    struct finding finding = {
        .workbook = ret_workbook, .refusal = ret_refusal, .best = VISIBLE_MAX};
    enum err err = read_relations(package, "_rels/.rels", &finding, on_root_relation);
    if (err == ERR_NONE) {
        err = finding.name[0] != '\0' ? read_workbook(package, &finding) : ERR_NOT_FOUND;
    }
    if (err == ERR_NONE) {
        err = relations_name(finding.name, relations)
                  ? read_relations(package, relations, &finding, on_relation)
                  : ERR_NOT_FOUND;
    }
    if (err == ERR_NOT_FOUND) {
        return sheet_refuse(ret_refusal, SHEET_NO_XLSX, 0, 0);
    }
    return err == ERR_NONE && finding.best == VISIBLE_MAX
               ? sheet_refuse(ret_refusal, SHEET_NO_SHEET, 0, 0)
               : err;
}
