// What the secretariat's tables have for columns, and what a cell of each may be.
#include <string.h>

#include "app/house_priv.h"
#include "app/table_priv.h"
#include "base/text.h"
#include "words/fold.h"

// What the page calls them, in the order of the contract's languages.
static const struct {
    const char *name;
    const char *words[CONTRACT_LANGUAGES];
} capacities[] = {
    {"chair", {"الرئيس", "主席", "Chair", "Présidence", "Председатель", "Presidencia"}},
    {"secretary", {"الأمين", "秘书", "Secretary", "Secrétariat", "Секретарь", "Secretaría"}},
    {"moderator",
     {"مشرف المشاركة", "会场管理员", "Moderator", "Modération", "Модератор", "Moderación"}},
    {"technician", {"الفني", "技术员", "Technician", "Technique", "Техник", "Técnica"}},
    {"delegate", {"مندوب", "代表", "Delegate", "Délégation", "Делегат", "Delegación"}},
    {"interpreter",
     {"مترجم شفوي", "口译员", "Interpreter", "Interprète", "Устный переводчик", "Intérprete"}},
    {"captioner",
     {"معدّ العرض النصي", "字幕员", "Captioner", "Sous-titrage", "Оператор субтитров",
      "Subtitulado"}},
    {"observer", {"مراقب", "观察员", "Observer", "Observateur", "Наблюдатель", "Observador"}},
    {"listener", {"مستمع", "旁听者", "Listener", "Auditeur", "Слушатель", "Oyente"}},
};

bool table_capacity(const char *text, enum capacity *ret_capacity)
{
    bool found = capacity_from_text(text, ret_capacity); // as tables that went out here say it
    for (size_t i = 0; i < sizeof(capacities) / sizeof(capacities[0]) && !found; i++) {
        found = words_same(text, capacities[i].name);
        for (int j = 0; j < CONTRACT_LANGUAGES && !found; j++) {
            found = words_same(text, capacities[i].words[j]);
        }
        if (found) {
            return capacity_from_text(capacities[i].name, ret_capacity);
        }
    }
    return found;
}

static int check_capacity(void *context, const char *text)
{
    enum capacity capacity;
    (void)context;
    return table_capacity(text, &capacity) ? 0 : IMPORT_WHY_CAPACITY_UNKNOWN;
}

static int check_language(void *context, const char *text)
{
    enum language language;
    (void)context;
    return language_from_text(text, &language) ? 0 : IMPORT_WHY_LANGUAGE_UNKNOWN;
}

static int check_address(void *context, const char *text)
{
    (void)context;
    return house_is_address(text) ? 0 : IMPORT_WHY_ADDRESS_UNFIT;
}

static int check_kind(void *context, const char *text)
{
    enum delegation_kind kind;
    (void)context;
    return delegation_kind_from_text(text, &kind) ? 0 : IMPORT_WHY_KIND_UNKNOWN;
}

static int check_purpose(void *context, const char *text)
{
    enum item_purpose purpose;
    (void)context;
    return item_purpose_from_text(text, &purpose) ? 0 : IMPORT_WHY_PURPOSE_UNKNOWN;
}

static int check_minutes(void *context, const char *text)
{
    unsigned long long minutes = 0;
    (void)context;
    return text_to_u64(text, strlen(text), ITEM_WISH_MINUTES_MAX, &minutes) == ERR_NONE &&
                   minutes > 0
               ? 0
               : IMPORT_WHY_NUMBER_UNFIT;
}

// ---- In the order of the enums of app/table_priv.h

static const struct table_column people[] = {
    {"name", {"الاسم", "姓名", "Name", "Nom", "Имя", "Nombre"}, true, PERSON_WISH_NAME_MAX, NULL},
    {"capacity",
     {"الصفة", "身份", "Capacity", "Qualité", "Роль", "Calidad"},
     true,
     60,
     check_capacity},
    {"delegation",
     {"الوفد", "代表团", "Delegation", "Délégation", "Делегация", "Delegación"},
     false,
     DELEGATION_NAME_MAX,
     NULL},
    {"language",
     {"اللغة", "语言", "Language", "Langue", "Язык", "Idioma"},
     false,
     20,
     check_language},
    {"title",
     {"الوظيفة", "职务", "Function", "Fonction", "Должность", "Cargo"},
     false,
     PERSON_WISH_TITLE_MAX,
     NULL},
    {"address",
     {"البريد الإلكتروني", "电子邮件", "E-mail", "Courriel", "Эл. почта", "Correo electrónico"},
     false,
     PERSON_WISH_ADDRESS_MAX,
     check_address},
    {"account",
     {"الحساب", "账户", "Account", "Compte", "Учётная запись", "Cuenta"},
     false,
     PERSON_WISH_ACCOUNT_MAX,
     NULL},
};

static const struct table_column delegations[] = {
    {"id",
     {"المعرّف", "标识", "Identifier", "Identifiant", "Идентификатор", "Identificador"},
     false,
     CONTRACT_ID_MAX,
     NULL},
    {"code", {"الرمز", "代码", "Code", "Code", "Код", "Código"}, true, DELEGATION_CODE_MAX, NULL},
    {"kind", {"النوع", "类别", "Type", "Type", "Тип", "Tipo"}, false, 20, check_kind},
    {"name_ar",
     {"الاسم بالعربية", "阿拉伯文名称", "Name in Arabic", "Nom en arabe", "Название по-арабски",
      "Nombre en árabe"},
     false,
     DELEGATION_NAME_MAX,
     NULL},
    {"name_zh",
     {"الاسم بالصينية", "中文名称", "Name in Chinese", "Nom en chinois", "Название по-китайски",
      "Nombre en chino"},
     false,
     DELEGATION_NAME_MAX,
     NULL},
    {"name_en",
     {"الاسم بالإنكليزية", "英文名称", "Name in English", "Nom en anglais", "Название по-английски",
      "Nombre en inglés"},
     false,
     DELEGATION_NAME_MAX,
     NULL},
    {"name_fr",
     {"الاسم بالفرنسية", "法文名称", "Name in French", "Nom en français", "Название по-французски",
      "Nombre en francés"},
     false,
     DELEGATION_NAME_MAX,
     NULL},
    {"name_ru",
     {"الاسم بالروسية", "俄文名称", "Name in Russian", "Nom en russe", "Название по-русски",
      "Nombre en ruso"},
     false,
     DELEGATION_NAME_MAX,
     NULL},
    {"name_es",
     {"الاسم بالإسبانية", "西班牙文名称", "Name in Spanish", "Nom en espagnol",
      "Название по-испански", "Nombre en español"},
     false,
     DELEGATION_NAME_MAX,
     NULL},
};

static const struct table_column agenda[] = {
    {"number",
     {"الرقم", "编号", "Number", "Numéro", "Номер", "Número"},
     true,
     ITEM_WISH_NUMBER_MAX,
     NULL},
    {"document",
     {"الوثيقة", "文件", "Document", "Document", "Документ", "Documento"},
     false,
     ITEM_WISH_DOCUMENT_MAX,
     NULL},
    {"purpose",
     {"الغرض", "目的", "Purpose", "Objet", "Цель", "Propósito"},
     false,
     20,
     check_purpose},
    {"minutes",
     {"الدقائق", "分钟", "Minutes", "Minutes", "Минуты", "Minutos"},
     false,
     4,
     check_minutes},
    {"title_ar",
     {"العنوان بالعربية", "阿拉伯文标题", "Title in Arabic", "Titre en arabe",
      "Заголовок по-арабски", "Título en árabe"},
     false,
     ITEM_WISH_TITLE_MAX,
     NULL},
    {"title_zh",
     {"العنوان بالصينية", "中文标题", "Title in Chinese", "Titre en chinois",
      "Заголовок по-китайски", "Título en chino"},
     false,
     ITEM_WISH_TITLE_MAX,
     NULL},
    {"title_en",
     {"العنوان بالإنكليزية", "英文标题", "Title in English", "Titre en anglais",
      "Заголовок по-английски", "Título en inglés"},
     false,
     ITEM_WISH_TITLE_MAX,
     NULL},
    {"title_fr",
     {"العنوان بالفرنسية", "法文标题", "Title in French", "Titre en français",
      "Заголовок по-французски", "Título en francés"},
     false,
     ITEM_WISH_TITLE_MAX,
     NULL},
    {"title_ru",
     {"العنوان بالروسية", "俄文标题", "Title in Russian", "Titre en russe", "Заголовок по-русски",
      "Título en ruso"},
     false,
     ITEM_WISH_TITLE_MAX,
     NULL},
    {"title_es",
     {"العنوان بالإسبانية", "西班牙文标题", "Title in Spanish", "Titre en espagnol",
      "Заголовок по-испански", "Título en español"},
     false,
     ITEM_WISH_TITLE_MAX,
     NULL},
};

const struct table_description table_descriptions[HOUSE_TABLE_COUNT] = {
    [HOUSE_TABLE_PEOPLE] = {people, sizeof(people) / sizeof(people[0])},
    [HOUSE_TABLE_DELEGATIONS] = {delegations, sizeof(delegations) / sizeof(delegations[0])},
    [HOUSE_TABLE_AGENDA] = {agenda, sizeof(agenda) / sizeof(agenda[0])},
};

bool house_table_from_text(const char *text, enum house_table *ret_table)
{
    static const char *const names[HOUSE_TABLE_COUNT] = {"people", "delegations", "agenda"};
    for (int i = 0; i < HOUSE_TABLE_COUNT; i++) {
        if (text_equal(text, names[i])) {
            *ret_table = (enum house_table)i;
            return true;
        }
    }
    return false;
}
