// Interfaces of the network namespace of the calling thread: what a pair of virtual devices needs before it can carry a
// packet. Each function returns 0, or the errno with which Linux refused.
#pragma once

#include <cstdint>

namespace copytax {

/// Makes a pair of virtual Ethernet devices, each the other end of the other.
int CreateVethPair(const char* name, const char* peer);

int SetLinkUp(const char* name);

/// Gives the interface an IPv4 address. `address` is in network byte order.
int AddAddress(const char* name, uint32_t address, int prefix);

/// Says which Ethernet address a neighbour has, so that no question is asked.
int AddNeighbour(const char* name, uint32_t address, const uint8_t hardware_address[6]);

}  // namespace copytax
