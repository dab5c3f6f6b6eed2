"""Processes of the system. Only this module asks for them."""

import os
import sys


def start_of(number: int) -> str:
    """When a process started, in a form to compare; "" if that is unknown, as it is without /proc.

    With its number it names a process, since numbers are used again.
    """
    try:
        with open(f"/proc/{number}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[19]  # in ticks since the system started
    except (OSError, IndexError):
        return ""


def is_running(number: int) -> bool:
    """Whether a process with this number runs, of any user."""
    if sys.platform == "win32":  # there os.kill would end the process
        return _is_running_on_windows(number)
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


if sys.platform == "win32":
    from ctypes import WinDLL, get_last_error
    from ctypes.wintypes import BOOL, DWORD, HANDLE

    SYNCHRONIZE = 0x00100000  # the right to wait for its end
    WAIT_TIMEOUT = 0x102  # it has not ended
    ACCESS_DENIED = 5

    def _is_running_on_windows(number: int) -> bool:
        kernel = WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.argtypes, kernel.OpenProcess.restype = (DWORD, BOOL, DWORD), HANDLE
        kernel.WaitForSingleObject.argtypes = (HANDLE, DWORD)
        kernel.WaitForSingleObject.restype = DWORD
        kernel.CloseHandle.argtypes = (HANDLE,)
        handle = kernel.OpenProcess(SYNCHRONIZE, False, number)
        if not handle:
            return get_last_error() == ACCESS_DENIED
        try:  # a process that has ended can be opened while anybody holds a handle
            return bool(kernel.WaitForSingleObject(handle, 0) == WAIT_TIMEOUT)
        finally:
            kernel.CloseHandle(handle)
