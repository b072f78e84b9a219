#include "document/words.h"

// In the order of enum language, from Arabic.
static const char *const words[WORD_COUNT][6] = {
    [WORD_REPORT] = {"تقرير عن الترجمة الشفوية", "口译报告", "Report on interpretation",
                     "Rapport sur l’interprétation", "Отчет об устном переводе",
                     "Informe sobre la interpretación"},
    [WORD_MEETING] = {"الاجتماع", "会议", "Meeting", "Réunion", "Заседание", "Reunión"},
    [WORD_PERIOD] = {"الفترة", "时间", "Period", "Période", "Период", "Período"},
    [WORD_ALL_TIMES] = {"جميع الأوقات بالتوقيت العالمي المنسق.", "所有时间均为协调世界时。",
                        "All times are UTC.",
                        "Toutes les heures sont en temps universel coordonné.",
                        "Время указано по UTC.", "Todas las horas son UTC."},
    [WORD_SUMMARY] = {"ملخص", "摘要", "Summary", "Résumé", "Резюме", "Resumen"},
    [WORD_SITTINGS] = {"الجلسات", "次会议", "Sittings", "Séances", "Заседания", "Sesiones"},
    [WORD_SITTING_TIME] = {"مدة الجلسات", "会议时长", "Sitting time", "Durée des séances",
                           "Продолжительность", "Duración"},
    [WORD_FLOOR_TIME] = {"مدة الكلمات", "发言时长", "Time spoken", "Temps de parole",
                         "Время выступлений", "Tiempo de palabra"},
    [WORD_INTERPRETERS] = {"المترجمون الشفويون", "口译员", "Interpreters", "Interprètes",
                           "Устные переводчики", "Intérpretes"},
    [WORD_HANDOVERS] = {"تبادل الميكروفون", "交接", "Handovers", "Relèves", "Передача микрофона",
                        "Relevos"},
    [WORD_GAPS] = {"انقطاعات تتجاوز 3 ثوانٍ", "超过3秒的中断", "Gaps above 3 s",
                   "Interruptions de plus de 3 s", "Перерывы более 3 с",
                   "Interrupciones de más de 3 s"},
    [WORD_CLASHES] = {"تداخل الميكروفونات", "麦克风重叠", "Clashes", "Conflits de microphones",
                      "Одновременно открытые микрофоны", "Micrófonos simultáneos"},
    [WORD_NAME] = {"الاسم", "姓名", "Name", "Nom", "Имя", "Nombre"},
    [WORD_BOOTH] = {"المقصورة", "同传间", "Booth", "Cabine", "Кабина", "Cabina"},
    [WORD_ON_AIR] = {"على الهواء", "播音", "On the air", "À l’antenne", "В эфире", "En el aire"},
    [WORD_STANDBY] = {"على أهبة الاستعداد", "待命", "Standby", "En attente", "В резерве",
                      "En espera"},
    [WORD_TURNS] = {"الأدوار", "轮次", "Turns", "Tours", "Смены", "Turnos"},
    [WORD_LONGEST] = {"أطول دور", "最长轮次", "Longest turn", "Tour le plus long",
                      "Самая длинная смена", "Turno más largo"},
    [WORD_LIMITER] = {"حماية السمع", "听力保护", "Limiter", "Limiteur", "Ограничитель",
                      "Limitador"},
    [WORD_CHANNELS] = {"القنوات عبر الزمن", "各频道时间轴", "Channels over time",
                       "Canaux dans le temps", "Каналы по времени", "Canales en el tiempo"},
    [WORD_CHANNEL] = {"القناة", "频道", "Channel", "Canal", "Канал", "Canal"},
    [WORD_INTERPRETED] = {"مترجَم", "口译", "Interpreted", "Interprété", "С переводом",
                          "Interpretado"},
    [WORD_ORIGINAL] = {"الصوت الأصلي", "原声", "Floor", "Orateur", "Зал", "Sala"},
    [WORD_HAND_1] = {"من الأصل", "直接口译", "From the original", "De l’original", "С оригинала",
                     "Del original"},
    [WORD_HAND_2] = {"عبر ترجمة وسيطة", "接力口译", "Relay", "Relais", "Релей", "Relé"},
    [WORD_HAND_3] = {"وسيطة مزدوجة", "二次接力", "Double relay", "Double relais", "Двойной релей",
                     "Doble relé"},
    [WORD_GAP] = {"انقطاع", "中断", "Gap", "Interruption", "Перерыв", "Interrupción"},
    [WORD_FROM] = {"من", "自", "From", "De", "С", "Desde"},
    [WORD_TO] = {"إلى", "至", "To", "À", "До", "Hasta"},
    [WORD_LENGTH] = {"المدة", "时长", "Length", "Durée", "Длительность", "Duración"},
    [WORD_SPOKEN] = {"لغة الكلمة", "发言语言", "Spoken", "Langue parlée", "Язык оратора",
                     "Lengua hablada"},
    [WORD_TIME] = {"الوقت", "时间", "Time", "Heure", "Время", "Hora"},
    [WORD_RESULT] = {"النتيجة", "结果", "Result", "Résultat", "Результат", "Resultado"},
    [WORD_OVERLAP] = {"التداخل", "重叠", "Overlap", "Chevauchement", "Наложение", "Solapamiento"},
    [WORD_QUALITY] = {"جودة الصوت المرسَل", "发送音质", "Quality of the sound sent",
                      "Qualité du son émis", "Качество передаваемого звука",
                      "Calidad del sonido enviado"},
    [WORD_SPOKE] = {"مدة الكلام", "发言", "Spoke", "A parlé", "Говорил", "Habló"},
    [WORD_LOSS] = {"الفقد", "丢包", "Loss", "Pertes", "Потери", "Pérdidas"},
    [WORD_JITTER] = {"التذبذب", "抖动", "Jitter", "Gigue", "Джиттер", "Fluctuación"},
    [WORD_ROUND_TRIP] = {"زمن الذهاب والإياب", "往返时延", "Round trip", "Aller-retour",
                         "Задержка (RTT)", "Ida y vuelta"},
    [WORD_LEVEL] = {"المستوى", "电平", "Level", "Niveau", "Уровень", "Nivel"},
    [WORD_BANDWIDTH] = {"عرض النطاق", "频宽", "Bandwidth", "Bande passante", "Полоса",
                        "Ancho de banda"},
    [WORD_NONE_SUCH] = {"لا يوجد.", "无。", "None.", "Néant.", "Нет.", "Ninguno."},
    [WORD_LEFT_OUT] = {"غير مدرج لضيق الحيز", "因篇幅所限未列出", "Not listed for lack of room",
                       "Non mentionnés, faute de place", "Не указаны из-за нехватки места",
                       "No incluidos por falta de espacio"},
    [WORD_AUTHENTICITY] = {"صحة الوثيقة", "真实性", "Authenticity", "Authenticité", "Подлинность",
                           "Autenticidad"},
    [WORD_AUTHENTIC_TEXT] = {"توجد هذه البيانات في التقرير الموقَّع بصيغة JSON. وأرقام بصمته وتوقيعه "
                             "ومفتاحه مبينة أدناه.",
                             "同样的数据载于经签名的JSON报告；其摘要、签名和密钥如下。",
                             "The same data stand in the signed JSON report, whose digest, "
                             "signature and key are given below.",
                             "Les mêmes données figurent dans le rapport JSON signé, dont "
                             "l’empreinte, la signature et la clé sont indiquées ci-dessous.",
                             "Те же данные содержатся в подписанном отчете JSON; его хеш, подпись "
                             "и ключ приведены ниже.",
                             "Los mismos datos figuran en el informe JSON firmado, cuyo resumen, "
                             "firma y clave se indican a continuación."},
    [WORD_DIGEST] = {"البصمة (SHA-256)", "摘要（SHA-256）", "Digest (SHA-256)",
                     "Empreinte (SHA-256)", "Хеш (SHA-256)", "Resumen (SHA-256)"},
    [WORD_SIGNATURE] = {"التوقيع (Ed25519)", "签名（Ed25519）", "Signature (Ed25519)",
                        "Signature (Ed25519)", "Подпись (Ed25519)", "Firma (Ed25519)"},
    [WORD_KEY] = {"المفتاح (SHA-256)", "密钥（SHA-256）", "Key (SHA-256)", "Clé (SHA-256)",
                  "Ключ (SHA-256)", "Clave (SHA-256)"},
    [WORD_LAST_EVENT] = {"آخر حدث في السجل", "日志最后事件", "Last event of the journal",
                         "Dernier événement du journal", "Последнее событие журнала",
                         "Último evento del registro"},
    [WORD_HEAD] = {"رأس السجل الموقَّع", "经签名的日志末端", "Signed head of the journal",
                   "Tête signée du journal", "Подписанное окончание журнала",
                   "Cabecera firmada del registro"},
    [WORD_HEAD_TEXT] =
        {"يحمل هذا الرمز رقم آخر حدث في السجل وبصمته، موقَّعين بالمفتاح أعلاه. من يحتفظ بهذه الورقة "
         "يستطيع أن يتحقق لاحقاً من أن السجل لم يُعَد كتابته ولم يُقتطع منه شيء.",
         "此码载有日志最后事件的编号和摘要，并由上述密钥签名。保存本页者日后可据此查明日志是否被改"
         "写"
         "或截断。",
         "This code carries the number and the hash of the journal's last event, signed by the key "
         "above. Whoever keeps this page can tell later whether the journal was rewritten or cut.",
         "Ce code porte le numéro et l’empreinte du dernier événement du journal, signés par la "
         "clé "
         "ci-dessus. Qui conserve cette page pourra vérifier que le journal n’a été ni réécrit ni "
         "tronqué.",
         "Код содержит номер и хеш последнего события журнала, подписанные указанным выше ключом. "
         "Тот, кто хранит эту страницу, сможет позже проверить, не переписан ли журнал и не "
         "усечен ли он.",
         "Este código lleva el número y el resumen del último evento del registro, firmados con la "
         "clave anterior. Quien conserve esta página podrá comprobar más adelante si el registro "
         "fue reescrito o cortado."},
    [WORD_RESULT_DONE] = {"تم", "完成", "done", "effectuée", "выполнена", "efectuado"},
    [WORD_RESULT_CUT] = {"أتمّه الخادم", "由服务器切换", "cut by the server",
                         "coupée par le serveur", "завершена сервером", "cortado por el servidor"},
    [WORD_RESULT_FORCED] = {"قسري", "强制", "forced", "forcée", "принудительная", "forzado"},
    [WORD_RESULT_DECLINED] = {"رُفض", "谢绝", "declined", "déclinée", "отклонена", "rechazado"},
    [WORD_RESULT_WITHDRAWN] = {"سُحب", "撤回", "withdrawn", "retirée", "отозвана", "retirado"},
    [WORD_RESULT_LAPSED] = {"انقضى", "逾期", "lapsed", "expirée", "истекла", "caducado"},
    [WORD_RESULT_VOID] = {"لاغٍ", "取消", "void", "annulée", "отменена", "anulado"},
    [WORD_LANGUAGE_FLOOR] = {"القاعة", "会场", "Floor", "Salle", "Зал", "Sala"},
    [WORD_LANGUAGE_AR] = {"العربية", "阿拉伯文", "Arabic", "Arabe", "Арабский", "Árabe"},
    [WORD_LANGUAGE_ZH] = {"الصينية", "中文", "Chinese", "Chinois", "Китайский", "Chino"},
    [WORD_LANGUAGE_EN] = {"الإنكليزية", "英文", "English", "Anglais", "Английский", "Inglés"},
    [WORD_LANGUAGE_FR] = {"الفرنسية", "法文", "French", "Français", "Французский", "Francés"},
    [WORD_LANGUAGE_RU] = {"الروسية", "俄文", "Russian", "Russe", "Русский", "Ruso"},
    [WORD_LANGUAGE_ES] = {"الإسبانية", "西班牙文", "Spanish", "Espagnol", "Испанский", "Español"},
};

_Static_assert((int)WORD_LANGUAGE_ES - (int)WORD_LANGUAGE_FLOOR == (int)CHANNEL_ID_ES,
               "channels and their names have the same order");
_Static_assert((int)WORD_RESULT_VOID - (int)WORD_RESULT_DONE + 1 == (int)HANDOVER_RESULT_VOID,
               "results and their words have the same order");

const char *word(enum word which, enum language language)
{
    return words[which][language == LANGUAGE_NONE ? 2 : (int)language - 1];
}
