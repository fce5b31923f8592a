"""Reading and writing of workbooks (工作簿): uploads in, refused rows out; nothing here records anything.

``workbook.read_workbook`` turns an upload into typed rows (``rows``), ``rejects.write_rejects`` writes the
refused ones back, ``branches.suggest_branch`` finds what a wrong name may have meant, and ``guard.inspect``
is the guard alone. Nothing is imported here, since the child process that parses an upload begins with this
package.
"""
