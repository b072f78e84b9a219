#include "app/demo_data.h"

#include <stddef.h>

#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

// clang-format off
static const char *const demo_title[DEMO_LANGUAGES] = {
    "المجلس 2026: جلسة إيضاحية",
    "2026年理事会：演示会议",
    "Council 2026: demonstration sitting",
    "Conseil 2026: séance de démonstration",
    "Совет 2026 года: демонстрационное заседание",
    "Consejo 2026: sesión de demostración",
};

static const char *const demo_body[DEMO_LANGUAGES] = {
    "المجلس", "理事会", "Council", "Conseil", "Совет", "Consejo",
};

const struct demo_delegation demo_delegations[] = {
    // Africa
    {"ken", "KEN", DELEGATION_KIND_MEMBER,
     {"كينيا", "肯尼亚", "Kenya", "Kenya", "Кения", "Kenya"}},
    {"sen", "SEN", DELEGATION_KIND_MEMBER,
     {"السنغال", "塞内加尔", "Senegal", "Sénégal", "Сенегал", "Senegal"}},
    // Americas
    {"bra", "BRA", DELEGATION_KIND_MEMBER,
     {"البرازيل", "巴西", "Brazil", "Brésil", "Бразилия", "Brasil"}},
    {"mex", "MEX", DELEGATION_KIND_MEMBER,
     {"المكسيك", "墨西哥", "Mexico", "Mexique", "Мексика", "México"}},
    // Arab States
    {"egy", "EGY", DELEGATION_KIND_MEMBER,
     {"مصر", "埃及", "Egypt", "Égypte", "Египет", "Egipto"}},
    {"sau", "SAU", DELEGATION_KIND_MEMBER,
     {"المملكة العربية السعودية", "沙特阿拉伯", "Saudi Arabia", "Arabie saoudite",
      "Саудовская Аравия", "Arabia Saudita"}},
    // Asia and the Pacific
    {"chn", "CHN", DELEGATION_KIND_MEMBER,
     {"الصين", "中国", "China", "Chine", "Китай", "China"}},
    {"jpn", "JPN", DELEGATION_KIND_MEMBER,
     {"اليابان", "日本", "Japan", "Japon", "Япония", "Japón"}},
    // Commonwealth of Independent States
    {"kaz", "KAZ", DELEGATION_KIND_MEMBER,
     {"كازاخستان", "哈萨克斯坦", "Kazakhstan", "Kazakhstan", "Казахстан", "Kazajstán"}},
    {"rus", "RUS", DELEGATION_KIND_MEMBER,
     {"الاتحاد الروسي", "俄罗斯联邦", "Russian Federation", "Fédération de Russie",
      "Российская Федерация", "Federación de Rusia"}},
    // Europe
    {"fra", "FRA", DELEGATION_KIND_MEMBER,
     {"فرنسا", "法国", "France", "France", "Франция", "Francia"}},
    // Observers
    {"au", "AU", DELEGATION_KIND_OBSERVER,
     {"الاتحاد الأفريقي", "非洲联盟", "African Union", "Union africaine", "Африканский союз",
      "Unión Africana"}},
    {"wmo", "WMO", DELEGATION_KIND_OBSERVER,
     {"المنظمة العالمية للأرصاد الجوية", "世界气象组织", "World Meteorological Organization",
      "Organisation météorologique mondiale", "Всемирная метеорологическая организация",
      "Organización Meteorológica Mundial"}},
    // A sector member, invented
    {"msoa", "MSOA", DELEGATION_KIND_SECTOR,
     {"رابطة مشغلي السواتل البحرية", "海事卫星运营商协会", "Maritime Satellite Operators Association",
      "Association des opérateurs de satellites maritimes",
      "Ассоциация операторов морской спутниковой связи",
      "Asociación de Operadores de Satélites Marítimos"}},
};
const uint32_t demo_delegation_count = COUNT_OF(demo_delegations);

const struct demo_office demo_offices[] = {
    {"chair",
     {"رئيسة المجلس", "理事会主席", "Chair of the Council", "Présidente du Conseil", "Председатель Совета",
      "Presidenta del Consejo"}},
    {"secretary",
     {"أمين المجلس", "理事会秘书", "Secretary of the Council", "Secrétaire du Conseil", "Секретарь Совета",
      "Secretario del Consejo"}},
    {"remote",
     {"المشاركة عن بُعد", "远程参会", "Remote participation", "Participation à distance",
      "Дистанционное участие", "Participación a distancia"}},
    {"technology",
     {"تقنيات المؤتمرات", "会议技术", "Conference technology", "Techniques de conférence",
      "Техническое обеспечение", "Tecnología de conferencias"}},
    {"trainer", {"مدرِّبة", "培训师", "Trainer", "Formatrice", "Инструктор", "Formadora"}},
};
const uint32_t demo_office_count = COUNT_OF(demo_offices);

static const struct demo_item demo_items[] = {
    {"item-1", "1", "C26/1",
     {"افتتاح الدورة وإقرار جدول الأعمال", "会议开幕及通过议程",
      "Opening of the session and adoption of the agenda",
      "Ouverture de la session et adoption de l’ordre du jour",
      "Открытие сессии и утверждение повестки дня",
      "Apertura de la reunión y adopción del orden del día"}},
    {"item-2", "2", "C26/35",
     {"تقرير عن تنفيذ الخطة الاستراتيجية", "战略规划实施情况报告",
      "Report on the implementation of the strategic plan",
      "Rapport sur la mise en œuvre du plan stratégique",
      "Отчет о выполнении Стратегического плана",
      "Informe sobre la aplicación del Plan Estratégico"}},
    {"item-3", "3", "C26/10",
     {"مشروع ميزانية فترة السنتين 2028-2029", "2028-2029双年度预算草案",
      "Draft biennial budget 2028-2029", "Projet de budget biennal 2028-2029",
      "Проект двухгодичного бюджета на 2028–2029 годы",
      "Proyecto de presupuesto bienal 2028-2029"}},
    {"item-4", "4", "C26/12",
     {"استعمال اللغات الرسمية الست على قدم المساواة", "平等使用六种正式语文",
      "Use of the six official languages on an equal footing",
      "Utilisation des six langues officielles sur un pied d’égalité",
      "Использование шести официальных языков на равной основе",
      "Utilización de los seis idiomas oficiales en igualdad de condiciones"}},
    {"item-5", "5", "C26/27",
     {"توصيل المناطق الريفية والنائية", "连通农村和偏远地区", "Connecting rural and remote areas",
      "Connecter les zones rurales et isolées", "Подключение сельских и отдаленных районов",
      "Conexión de las zonas rurales y distantes"}},
    {"item-6", "6", "C26/2",
     {"ما يستجد من أعمال واختتام الدورة", "其他事项和会议闭幕", "Other business and closing of the session",
      "Questions diverses et clôture de la session", "Прочие вопросы и закрытие сессии",
      "Otros asuntos y clausura de la reunión"}},
};

static const char *const rehearsal_title[DEMO_LANGUAGES] = {
    "قاعة التدريب على الترجمة الفورية",
    "口译练习室",
    "Interpreters’ rehearsal room",
    "Salle de répétition des interprètes",
    "Репетиционная комната переводчиков",
    "Sala de prácticas de interpretación",
};

static const char *const rehearsal_body[DEMO_LANGUAGES] = {
    "التدريب", "培训", "Training", "Formation", "Обучение", "Formación",
};

static const struct demo_item rehearsal_items[] = {
    {"speeches", "1", NULL,
     {"خطب مسجلة", "录音发言", "Recorded speeches", "Discours enregistrés", "Записанные выступления",
      "Discursos grabados"}},
};

const struct demo_meeting demo_meetings[] = {
    {DEMO_MEETING, false, demo_title, demo_body, demo_items, COUNT_OF(demo_items)},
    {DEMO_REHEARSAL, true, rehearsal_title, rehearsal_body, rehearsal_items,
     COUNT_OF(rehearsal_items)},
};
const uint32_t demo_meeting_count = COUNT_OF(demo_meetings);

#define OFFICER(id, name, capacity, title, office, link)                                           \
    {id, name, capacity, LANGUAGE_NONE, NULL, title, office, link}
#define DELEGATE(delegation, name, language, link)                                                 \
    {"delegate-" delegation, name, CAPACITY_DELEGATE, language, delegation, NULL, NULL, link}
#define INTERPRETER(id, name, language, link)                                                      \
    {"interpreter-" id, name, CAPACITY_INTERPRETER, language, NULL, NULL, NULL, link}

const struct demo_participant demo_participants[] = {
    OFFICER("chair", "Leila Haddad", CAPACITY_CHAIR, "Chair of the Council", "chair", "Chair"),
    OFFICER("secretary", "Thomas Brunner", CAPACITY_SECRETARY, "Secretary of the Council", "secretary",
            "Secretary"),
    OFFICER("moderator", "Grace Nakato", CAPACITY_MODERATOR, "Remote participation", "remote",
            "Moderator"),
    OFFICER("technician", "Jonas Weber", CAPACITY_TECHNICIAN, "Conference technology", "technology",
            "Technician"),
    DELEGATE("fra", "Claire Dubois", LANGUAGE_FR, "Delegate, France"),
    DELEGATE("chn", "Li Wen", LANGUAGE_ZH, "Delegate, China"),
    DELEGATE("bra", "Rafael Oliveira", LANGUAGE_ES, NULL),
    DELEGATE("egy", "Youssef El-Sayed", LANGUAGE_AR, NULL),
    DELEGATE("ken", "Wanjiku Kamau", LANGUAGE_EN, NULL),
    DELEGATE("jpn", "Haruka Sato", LANGUAGE_EN, NULL),
    DELEGATE("rus", "Elena Sokolova", LANGUAGE_RU, NULL),
    DELEGATE("mex", "Diego Hernández", LANGUAGE_ES, NULL),
    DELEGATE("sen", "Aminata Diop", LANGUAGE_FR, NULL),
    DELEGATE("sau", "Noura Al-Harbi", LANGUAGE_AR, NULL),
    DELEGATE("kaz", "Arman Nurlanov", LANGUAGE_RU, NULL),
    DELEGATE("au", "Tendai Moyo", LANGUAGE_EN, NULL),
    DELEGATE("wmo", "Ingrid Solberg", LANGUAGE_EN, NULL),
    DELEGATE("msoa", "Priya Raman", LANGUAGE_EN, NULL),
    {"observer", "Sigrid Holm", CAPACITY_OBSERVER, LANGUAGE_EN, "wmo", NULL, NULL, "Observer, WMO"},
    {"trainer", "Helen Marsh", CAPACITY_TECHNICIAN, LANGUAGE_EN, NULL, "Trainer", "trainer", "Trainer",
     true},
    INTERPRETER("ar-1", "Samir Khoury", LANGUAGE_AR, "Interpreter, Arabic"),
    INTERPRETER("ar-2", "Rania Fawzi", LANGUAGE_AR, NULL),
    INTERPRETER("ar-3", "Hisham Mansour", LANGUAGE_AR, NULL),
    INTERPRETER("zh-1", "Zhang Min", LANGUAGE_ZH, "Interpreter, Chinese"),
    INTERPRETER("zh-2", "Chen Hao", LANGUAGE_ZH, NULL),
    INTERPRETER("zh-3", "Liu Yan", LANGUAGE_ZH, NULL),
    INTERPRETER("en-1", "Margaret Ellis", LANGUAGE_EN, "Interpreter, English"),
    INTERPRETER("en-2", "Kwame Asante", LANGUAGE_EN, NULL),
    INTERPRETER("fr-1", "Sophie Laurent", LANGUAGE_FR, "Interpreter, French"),
    INTERPRETER("fr-2", "Mamadou Keïta", LANGUAGE_FR, NULL),
    INTERPRETER("ru-1", "Olga Petrova", LANGUAGE_RU, "Interpreter, Russian"),
    INTERPRETER("ru-2", "Dmitri Volkov", LANGUAGE_RU, NULL),
    INTERPRETER("es-1", "Carmen Ruiz", LANGUAGE_ES, "Interpreter, Spanish"),
    INTERPRETER("es-2", "Pablo Fuentes", LANGUAGE_ES, NULL),
    OFFICER("listener", "Maya Thompson", CAPACITY_LISTENER, NULL, NULL, "Listener"),
};
const uint32_t demo_participant_count = COUNT_OF(demo_participants);

// The Arabic and Chinese booths work both ways, and are the others' floor when they work into
// French or English. Turns of half an hour, offered round; of twenty minutes in the booths of three.
const struct demo_booth demo_booths[] = {
    {LANGUAGE_AR, {LANGUAGE_EN, LANGUAGE_FR}, LANGUAGE_FR, LANGUAGE_EN, true, 20},
    {LANGUAGE_ZH, {LANGUAGE_EN, LANGUAGE_FR}, LANGUAGE_EN, LANGUAGE_FR, true, 20},
    {LANGUAGE_EN, {LANGUAGE_NONE}, LANGUAGE_NONE, LANGUAGE_NONE, false, 30},
    {LANGUAGE_FR, {LANGUAGE_NONE}, LANGUAGE_NONE, LANGUAGE_NONE, false, 30},
    {LANGUAGE_RU, {LANGUAGE_NONE}, LANGUAGE_NONE, LANGUAGE_NONE, false, 30},
    {LANGUAGE_ES, {LANGUAGE_NONE}, LANGUAGE_NONE, LANGUAGE_NONE, false, 30},
};
const uint32_t demo_booth_count = COUNT_OF(demo_booths);
// clang-format on
