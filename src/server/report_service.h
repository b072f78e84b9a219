// Makes a meeting's report as signed JSON or PDF from the database: for the control process and for
// `plenary report`. The key stands in the data folder, `report-key.pem`. Read-only once made: any
// thread may make reports.
#pragma once

#include <limits.h>

#include "base/err.h"
#include "base/time.h"
#include "contract/types.h"
#include "document/signer.h"

#define REPORT_KEY_FILE "report-key.pem"

struct report_service;

// Where the report's fonts are.
enum err CHECKED report_service_fonts(char ret_path[PATH_MAX]);
// The key and the database are those of the working directory. Fonts stand beside the binary.
enum err CHECKED report_service_create(struct report_service **ret_service);
void report_service_destroy(struct report_service *service);
const struct signer *report_service_signer(const struct report_service *service);
// `now` as for report_read(). The body is malloc's.
enum err CHECKED report_service_json(const struct report_service *service, const char *meeting,
                                     time_ms now, char **ret_body, size_t *ret_size);
enum err CHECKED report_service_pdf(const struct report_service *service, const char *meeting,
                                    enum language language, time_ms now, char **ret_body,
                                    size_t *ret_size);
