// Included before everything else in the binaries that the package ships: asks glibc for the first versions of
// functions of which it has newer ones, so that older hosts have them. They do the same; since glibc 2.34 they are in
// another of its files. musl knows no versions.
#ifndef COPYTAX_PREBUILT_OLDER_GLIBC_H_
#define COPYTAX_PREBUILT_OLDER_GLIBC_H_

#if defined(__x86_64__)
#define COPYTAX_FIRST_GLIBC "GLIBC_2.2.5"
#elif defined(__aarch64__)
#define COPYTAX_FIRST_GLIBC "GLIBC_2.17"
#endif

__asm__(".symver pthread_create, pthread_create@" COPYTAX_FIRST_GLIBC);
__asm__(".symver pthread_join, pthread_join@" COPYTAX_FIRST_GLIBC);

#endif  // COPYTAX_PREBUILT_OLDER_GLIBC_H_
