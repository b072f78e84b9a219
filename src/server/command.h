// The subcommands of the binary. Each gets argv from its own name on and returns the exit code.
#pragma once

int command_serve(int argc, char **argv);
int command_control(int argc, char **argv);
int command_media(int argc, char **argv);
int command_demo(int argc, char **argv);
int command_token(int argc, char **argv);
int command_user(int argc, char **argv);
int command_doctor(int argc, char **argv);
int command_load(int argc, char **argv);
int command_report(int argc, char **argv);
int command_backup(int argc, char **argv);
int command_restore(int argc, char **argv);
int command_mail(int argc, char **argv);
