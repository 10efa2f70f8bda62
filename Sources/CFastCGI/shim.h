#pragma once
#include <fcgiapp.h>
#include <sys/epoll.h> /* Swift's Glibc module leaves it out */
