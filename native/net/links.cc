#include "links.h"

#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace copytax {
namespace {

/// A request of rtnetlink, as rtnetlink(7) lays it out: a header, then attributes that may hold others.
class Request {
 public:
  Request(uint16_t type, uint16_t flags) {
    header()->nlmsg_len = NLMSG_HDRLEN;
    header()->nlmsg_type = type;
    header()->nlmsg_flags = static_cast<uint16_t>(NLM_F_REQUEST | NLM_F_ACK | flags);
  }

  /// Appends a structure without a header of its own.
  template <typename T>
  void Put(const T& value) {
    memcpy(bytes_ + header()->nlmsg_len, &value, sizeof value);
    header()->nlmsg_len += NLMSG_ALIGN(sizeof value);
  }

  void Attribute(uint16_t type, const void* value, size_t bytes) {
    rtattr* attribute = Open(type);
    memcpy(RTA_DATA(attribute), value, bytes);
    header()->nlmsg_len += RTA_ALIGN(bytes);
    attribute->rta_len = static_cast<uint16_t>(RTA_LENGTH(bytes));
  }

  void Attribute(uint16_t type, const char* text) { Attribute(type, text, strlen(text) + 1); }

  /// Begins an attribute that holds what is appended until Close.
  rtattr* Open(uint16_t type) {
    auto* attribute = reinterpret_cast<rtattr*>(bytes_ + header()->nlmsg_len);
    attribute->rta_type = type;
    attribute->rta_len = RTA_LENGTH(0);
    header()->nlmsg_len += RTA_LENGTH(0);
    return attribute;
  }

  void Close(rtattr* attribute) {
    attribute->rta_len = static_cast<uint16_t>(bytes_ + header()->nlmsg_len - reinterpret_cast<char*>(attribute));
  }

  /// Returns the errno of Linux's acknowledgement, 0 if it is one.
  int Send() {
    const int file = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (file < 0) return errno;
    int error = 0;
    alignas(nlmsghdr) char reply[4096];
    if (send(file, bytes_, header()->nlmsg_len, 0) < 0 || recv(file, reply, sizeof reply, 0) < 0) {
      error = errno;
    } else {
      const auto* answer = reinterpret_cast<nlmsghdr*>(reply);
      error = answer->nlmsg_type == NLMSG_ERROR ? -static_cast<nlmsgerr*>(NLMSG_DATA(answer))->error : EPROTO;
    }
    close(file);
    return error;
  }

 private:
  nlmsghdr* header() { return reinterpret_cast<nlmsghdr*>(bytes_); }

  alignas(nlmsghdr) char bytes_[512] = {};  // three names of at most IFNAMSIZ and a dozen headers
};

bool IsName(const char* name) { return *name != '\0' && strlen(name) < IFNAMSIZ; }

}  // namespace

int CreateVethPair(const char* name, const char* peer) {
  if (!IsName(name) || !IsName(peer)) return EINVAL;
  Request request(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
  request.Put(ifinfomsg{});
  request.Attribute(IFLA_IFNAME, name);
  rtattr* info = request.Open(IFLA_LINKINFO);
  request.Attribute(IFLA_INFO_KIND, "veth");
  rtattr* data = request.Open(IFLA_INFO_DATA);
  rtattr* other = request.Open(VETH_INFO_PEER);
  request.Put(ifinfomsg{});
  request.Attribute(IFLA_IFNAME, peer);
  request.Close(other);
  request.Close(data);
  request.Close(info);
  return request.Send();
}

int SetLinkUp(const char* name) {
  const unsigned index = if_nametoindex(name);
  if (index == 0) return errno;
  Request request(RTM_NEWLINK, 0);
  ifinfomsg link = {};
  link.ifi_index = static_cast<int>(index);
  link.ifi_flags = IFF_UP;
  link.ifi_change = IFF_UP;
  request.Put(link);
  return request.Send();
}

int AddAddress(const char* name, uint32_t address, int prefix) {
  const unsigned index = if_nametoindex(name);
  if (index == 0) return errno;
  Request request(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
  ifaddrmsg message = {};
  message.ifa_family = AF_INET;
  message.ifa_prefixlen = static_cast<uint8_t>(prefix);
  message.ifa_index = index;
  request.Put(message);
  request.Attribute(IFA_LOCAL, &address, sizeof address);
  request.Attribute(IFA_ADDRESS, &address, sizeof address);
  return request.Send();
}

int AddNeighbour(const char* name, uint32_t address, const uint8_t hardware_address[6]) {
  const unsigned index = if_nametoindex(name);
  if (index == 0) return errno;
  Request request(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE);
  ndmsg message = {};
  message.ndm_family = AF_INET;
  message.ndm_ifindex = static_cast<int>(index);
  message.ndm_state = NUD_PERMANENT;
  request.Put(message);
  request.Attribute(NDA_DST, &address, sizeof address);
  request.Attribute(NDA_LLADDR, hardware_address, 6);
  return request.Send();
}

}  // namespace copytax
